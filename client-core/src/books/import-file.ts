import {
  categorySlots,
  importBatchRowsMax,
  importNamesMax,
  importRowsMax,
  mutations,
  nameLengthMax,
  SaldoError,
  textLengthMax,
  type ImportRow,
  type JsonValue,
  type MutationArgs,
} from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readingStyle, readRows, understandFile, type ImportHints, type ReadBatch, type ReadRow, type Refusal, type SkippedLine, type Understanding } from "../import/index.ts";
import { sha256Hex } from "../files/index.ts";
import { bulkRecorder, recordTogether, type BulkRecorder, type RecordContext } from "../mutations/index.ts";
import type { Books } from "./books.ts";
import { collectNames, type NamesOfFile } from "./names-of-file.ts";

/** How far an import has come; `bytesTotal` is the file's length. */
export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly rowsAdded: number;
}

/** How a file is to be imported. */
export interface ImportOptions {
  readonly hints?: ImportHints;
  /** Imports a file whose exact bytes are already in the books. */
  readonly again?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops between batches; what was added so far is undone. */
  readonly signal?: AbortSignal;
}

/** What an import did. */
export interface ImportSummary {
  readonly importId: string;
  readonly understanding: Understanding;
  readonly rowsAdded: number;
  readonly refused: readonly Refusal[];
  /** Refused rows beyond those listed. */
  readonly refusedCount: number;
  readonly skipped: readonly SkippedLine[];
}

/** Most refused or skipped lines a summary lists. */
export const listedLinesMax = 1_000;

/**
 * Reads a file of any format we know into the books: opens an import, adds its rows batch by batch and closes it; the rows count only then.
 * The original's bytes are kept
 * and registered with it. Throws `SaldoError` `import.*` when the file cannot be understood or holds no readable row (nothing is kept), `import.already_there`
 * when the same bytes are in the books, `import.cancelled` after `signal`. A crash on the way is undone at the next start
 * ({@link undoUnfinishedImport}).
 */
export async function importFile(books: Books, file: { readonly name: string; readonly bytes: Uint8Array }, options: ImportOptions = {}): Promise<ImportSummary> {
  const hashing = sha256Hex(file.bytes);
  const workspace = await books.workspace();
  const understanding = await understandFile(file.bytes, { fileName: file.name, defaultCurrency: workspace.currency, ...options.hints });
  const sha256 = await hashing;
  if (options.again !== true) await refuseKnownFile(books, sha256);
  const [missing] = understanding.missing;
  if (missing !== undefined) throw new SaldoError(missing === "date" ? "import.no_date_column" : "import.no_amount_column");
  const importId = books.ids.next();
  const run: Run = {
    books,
    importId,
    names: collectNames(understanding.account ?? defaultAccountName(workspace.locale)),
    createdAt: books.nowInstant(),
    // Before anything is recorded: with no room for it, nothing is imported.
    isKept: (await books.originals?.keep(sha256, file.bytes)) ?? false,
    rowsAdded: 0,
    refused: [],
    refusedCount: 0,
    skipped: [],
  };
  await books.saveSetting("unfinishedImport", importId);
  try {
    await books.record("import.begin", beginArgs(run, file, sha256, understanding));
    await addAllRows(run, file.bytes, understanding, options);
    if (run.rowsAdded === 0) throw new SaldoError("import.no_rows", { refused: run.refusedCount });
    const { rowsAdded, refusedCount: rowsRefused } = run;
    const largestCategories = run.names.largestCategories(categorySlots);
    const complete: MutationArgs<"import.complete"> = { importId, rowsAdded, rowsRefused, largestCategories, completedAt: books.nowInstant() };
    const { name, byteCount } = { name: fileNameOf(file), byteCount: file.bytes.byteLength };
    const original: MutationArgs<"file.register"> = { sha256, name, mediaType: readingStyle(understanding).mediaType, byteCount, createdAt: run.createdAt };
    const edits = [{ name: "import.complete" as const, args: complete }, ...(run.isKept ? [{ name: "file.register" as const, args: original }] : [])];
    // What is taken back or refused leaves no original on a server.
    await recordTogether(books.database, edits, await books.recordContext(), () => Promise.resolve());
  } catch (error) {
    await undoUnfinishedImport(books);
    await books.originals?.discardUnregistered(sha256);
    throw error;
  }
  await books.saveSetting("unfinishedImport", null);
  const { rowsAdded, refused, refusedCount, skipped } = run;
  return { importId, understanding, rowsAdded, refused, refusedCount, skipped };
}

/** Takes back an import this device began and did not finish. Safe to call at every start. */
export async function undoUnfinishedImport(books: Books): Promise<void> {
  const importId = await books.setting("unfinishedImport");
  if (typeof importId !== "string") return;
  const open = await books.database.query(sql`select 1 from "import" where "id" = ${importId} and "status" = 'loading'`);
  if (open.length > 0) await books.record("import.undo", { importId });
  await books.saveSetting("unfinishedImport", null);
}

interface Run {
  readonly books: Books;
  readonly importId: string;
  readonly names: NamesOfFile;
  readonly createdAt: string;
  /** True when the original's bytes are kept on this device. */
  readonly isKept: boolean;
  rowsAdded: number;
  refusedCount: number;
  readonly refused: Refusal[];
  readonly skipped: SkippedLine[];
}

async function addAllRows(run: Run, bytes: Uint8Array, understanding: Understanding, options: ImportOptions): Promise<void> {
  const context = await run.books.recordContext();
  // Reading a batch overlaps with compressing and writing the ones before it.
  const recorder = bulkRecorder(run.books.database);
  for await (const batch of readRows(bytes, understanding, { batchRows: importBatchRowsMax })) {
    if (options.signal?.aborted === true) throw new SaldoError("import.cancelled");
    note(run, batch);
    await addBatch(run, batch.rows, recorder, context);
    options.onProgress?.({ bytesRead: batch.bytesRead, bytesTotal: bytes.byteLength, rowsAdded: run.rowsAdded });
    await run.books.pause();
  }
  await recorder.finish();
}

function note(run: Run, batch: ReadBatch): void {
  run.refusedCount += batch.refused.length;
  if (run.refused.length < listedLinesMax) run.refused.push(...batch.refused.slice(0, listedLinesMax - run.refused.length));
  if (run.skipped.length < listedLinesMax) run.skipped.push(...batch.skipped.slice(0, listedLinesMax - run.skipped.length));
}

async function addBatch(run: Run, read: readonly ReadRow[], recorder: BulkRecorder, context: RecordContext): Promise<void> {
  if (read.length === 0) return;
  const { importId, createdAt } = run;
  const batch = packBatch(run, read);
  const met = run.names.takeNew();
  if (run.names.count > importNamesMax) throw new SaldoError("import.too_many_names", { max: importNamesMax });
  if (run.rowsAdded + read.length > importRowsMax) throw new SaldoError("import.too_many_rows", { max: importRowsMax });
  if (met.accounts.length > 0 || met.categories.length > 0) {
    const accounts = met.accounts.map((account) => ({ ...account, name: clip(account.name, nameLengthMax) }));
    const categories = met.categories.map((category) => ({ ...category, name: clip(category.name, nameLengthMax) }));
    await recorder.add(mutations["import.addNames"], { importId, accounts, categories, createdAt }, context);
  }
  await recorder.add(mutations["import.addRows"], batch, context);
  run.rowsAdded += read.length;
}

function packBatch(run: Run, read: readonly ReadRow[]): MutationArgs<"import.addRows"> {
  const accounts = indexer();
  const categories = indexer();
  const currencies = indexer();
  const rowCurrencies: number[] = [];
  const rows = read.map((row): ImportRow => {
    const category = run.names.categoryOf(row);
    rowCurrencies.push(currencies.indexOf(row.currency));
    return [
      run.books.ids.next(),
      row.line,
      row.postedOn,
      row.amountMinor,
      accounts.indexOf(run.names.accountOf(row)),
      category === null ? -1 : categories.indexOf(category),
      clip(row.description, textLengthMax),
      row.counterparty === null ? null : clip(row.counterparty, textLengthMax),
    ];
  });
  return {
    importId: run.importId,
    currencies: currencies.values,
    accounts: accounts.values,
    categories: categories.values,
    rowCurrencies: currencies.values.length === 1 ? [] : rowCurrencies,
    rows,
    createdAt: run.createdAt,
  };
}

/** Numbers distinct texts in order of appearance. */
function indexer() {
  const values: string[] = [];
  const known = new Map<string, number>();
  return {
    values,
    indexOf(value: string): number {
      const found = known.get(value);
      if (found !== undefined) return found;
      known.set(value, values.length);
      return values.push(value) - 1;
    },
  };
}

function beginArgs(run: Run, file: { readonly name: string; readonly bytes: Uint8Array }, fileSha256: string, understanding: Understanding): MutationArgs<"import.begin"> {
  return {
    importId: run.importId,
    fileName: fileNameOf(file),
    fileSha256,
    fileBytes: file.bytes.byteLength,
    format: understanding.format,
    understanding: summaryOf(understanding),
    accounts: [],
    categories: [],
    createdAt: run.createdAt,
  };
}

function fileNameOf({ name }: { readonly name: string }): string {
  return clip(name.trim(), nameLengthMax) || "statement.csv";
}

/** What is kept of how a file was understood: enough to show it in the history. No cell of the file is in it. */
function summaryOf(understanding: Understanding): JsonValue {
  const { encoding, delimiter, headerLine, dateOrder, decimal, sign } = readingStyle(understanding);
  return {
    encoding,
    delimiter,
    headerLine,
    dateOrder,
    decimal,
    sign,
    currency: understanding.currency.value,
    columns: understanding.columns.map((column) => ({ index: column.index, role: column.role })),
  };
}

async function refuseKnownFile(target: Books, sha256: string): Promise<void> {
  const known = await target.database.query(sql`select "file_name" from "import" where "file_sha256" = ${sha256} and "status" = 'complete'`);
  if (known.length > 0) throw new SaldoError("import.already_there");
}

function defaultAccountName(locale: "en" | "ru"): string {
  return locale === "ru" ? "Основной счёт" : "Main account";
}

/** Shortens a text to at most `lengthMax` UTF-16 units without cutting a surrogate pair. */
function clip(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const last = text.charCodeAt(lengthMax - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? lengthMax - 1 : lengthMax);
}
