import { SaldoError, selectionMax, type MutationArgs, type StatementReport } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { readingStyle, type FileBytes, type ImportHints, type Refusal, type SkippedLine, type Understanding } from "../import/index.ts";
import { sha256Hex } from "../files/index.ts";
import type { OpenRow } from "../categories/book-rows.ts";
import { recordTogether } from "../mutations/index.ts";
import type { Books } from "./books.ts";
import { addAllRows, type AddedRows, type ImportRun } from "./import/add-rows.ts";
import { readKnownImports } from "./import/books-rows.ts";
import { countAdded, type ImportDecisions } from "./import/decisions.ts";
import { findTransferPairs } from "./import/find-transfers.ts";
import { fileNameOf, summaryOf } from "./import/kept-facts.ts";
import type { RowGroup } from "./import/match-rows.ts";
import { areBooksEmpty, planImport, type ImportPlan } from "./import/plan-import.ts";
import { saveMapping, understandInBooks } from "./saved-mapping.ts";

/** How far an import has come; `bytesTotal` is the file's length. */
export interface ImportProgress {
  readonly phase: "checking" | "saving";
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly rowsAdded: number;
}

/** How a file is to be imported. */
export interface ImportOptions {
  readonly hints?: ImportHints;
  /** What was planned before; made anew when other imports were finished since. */
  readonly plan?: ImportPlan;
  readonly decisions?: ImportDecisions;
  /** Gives rows a category that neither a rule nor the file gave one; null for none. */
  readonly categorise?: (row: OpenRow) => string | null;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops between batches; what was added so far is undone. */
  readonly signal?: AbortSignal;
}

/** What an import did. */
export interface ImportSummary {
  /** Null when there was nothing to add: then nothing was recorded. */
  readonly importId: string | null;
  readonly understanding: Understanding;
  /** Rows of the file in each group. */
  readonly groups: Readonly<Record<RowGroup, number>>;
  readonly rowsAdded: number;
  /** Rows the books had, and were left so. */
  readonly rowsThere: number;
  /** Rows that were left out because they look like others. */
  readonly rowsLeftOut: number;
  /** The rows to look at, the first of them. */
  readonly looks: ImportPlan["looks"];
  readonly statements: readonly StatementReport[];
  /** Transfers between own accounts that were found, as pairs of rows. */
  readonly transfersLinked: number;
  readonly refused: readonly Refusal[];
  /** Refused rows beyond those listed. */
  readonly refusedCount: number;
  readonly skipped: readonly SkippedLine[];
}

/**
 * Reads a file of any format we know into the books: compares its rows with what is there, opens an import, adds the rows that are new batch by batch and
 * closes it; the rows count only then. The original's bytes are kept and registered with it. A file with nothing new records nothing. Throws `SaldoError`
 * `import.*` when the file cannot be understood or holds no readable row (nothing is kept), `import.cancelled` after `signal`. A crash on the way is
 * undone at the next start ({@link undoUnfinishedImport}).
 */
export async function importFile(books: Books, file: { readonly name: string; readonly bytes: FileBytes }, options: ImportOptions = {}): Promise<ImportSummary> {
  const hashing = sha256Hex(file.bytes);
  const workspace = await books.workspace();
  const understanding =
    options.plan?.understanding ?? (await understandInBooks(books, file.bytes, { fileName: file.name, defaultCurrency: workspace.currency, ...options.hints })).understanding;
  const sha256 = await hashing;
  const [missing] = understanding.missing;
  if (missing !== undefined) throw new SaldoError(missing === "date" ? "import.no_date_column" : "import.no_amount_column");
  const plan = await planFor(books, file.bytes, understanding, options);
  if (plan !== null && countAdded(plan, options.decisions) === 0) return nothingNew(plan);
  const importId = books.ids.next();
  const run: ImportRun = {
    books,
    importId,
    plan,
    createdAt: books.nowInstant(),
    // Before anything is recorded: with no room for it, nothing is imported.
    isKept: (await books.originals?.keep(sha256, file.bytes)) ?? false,
  };
  await books.saveSetting("unfinishedImport", importId);
  let closed: Closed;
  try {
    await books.record("import.begin", beginArgs(run, file, sha256, understanding));
    const added = await addAllRows(run, file.bytes, understanding, options);
    if (added.rowsAdded === 0) throw noRows(added.told);
    closed = await close(run, added, { sha256, name: fileNameOf(file), mediaType: readingStyle(understanding).mediaType, byteCount: file.bytes.byteLength });
  } catch (error) {
    await undoUnfinishedImport(books);
    await books.originals?.discardUnregistered(sha256);
    throw error;
  }
  await saveMapping(books, understanding, options.hints?.answers);
  await books.saveSetting("unfinishedImport", null);
  return summaryOfRun(run, understanding, closed);
}

/** Nothing could be read: how many rows were refused, and where and why the first of them was. */
function noRows({ refused: [first], refusedCount: refused }: Pick<ImportSummary, "refused" | "refusedCount">): SaldoError {
  return new SaldoError("import.no_rows", first === undefined ? { refused } : { refused, line: first.line, reason: first.reasonCode });
}

/** The plan to go by; null when the books hold nothing a row could be compared with. */
async function planFor(books: Books, bytes: FileBytes, understanding: Understanding, options: ImportOptions): Promise<ImportPlan | null> {
  const { plan, signal, onProgress } = options;
  if (plan !== undefined && (await isCurrent(books, plan))) return plan;
  if (await areBooksEmpty(books)) return null;
  return planImport(books, bytes, understanding, {
    ...(signal === undefined ? {} : { signal }),
    onProgress: (bytesRead) => onProgress?.({ phase: "checking", bytesRead, bytesTotal: bytes.byteLength, rowsAdded: 0 }),
  });
}

/** True while the finished imports are those the plan was made beside. */
async function isCurrent(books: Books, plan: ImportPlan): Promise<boolean> {
  const { workspaceId } = await books.recordContext();
  const now = (await readKnownImports(books.database, workspaceId)).map(({ id }) => id);
  return now.length === plan.importsThen.length && now.every((id, index) => id === plan.importsThen[index]);
}

function nothingNew(plan: ImportPlan): ImportSummary {
  const { understanding, groups, looks, statements, refused, refusedCount, skipped } = plan;
  return { importId: null, understanding, groups, rowsAdded: 0, rowsThere: groups.there, rowsLeftOut: groups.look, looks, statements, transfersLinked: 0, refused, refusedCount, skipped };
}

/** Takes back an import this device began and did not finish. Safe to call at every start. */
export async function undoUnfinishedImport(books: Books): Promise<void> {
  const importId = await books.setting("unfinishedImport");
  if (typeof importId !== "string") return;
  const open = await books.database.query(sql`select 1 from "import" where "id" = ${importId} and "status" = 'loading'`);
  if (open.length > 0) await books.record("import.undo", { importId });
  await books.saveSetting("unfinishedImport", null);
}

interface Closed {
  readonly added: AddedRows;
  readonly transfersLinked: number;
}

type OriginalArgs = Omit<MutationArgs<"file.register">, "createdAt">;

/** Closes the import with its original and the transfers found, in one local transaction. */
async function close(run: ImportRun, added: AddedRows, original: OriginalArgs): Promise<Closed> {
  const { books, importId } = run;
  const { rowsAdded, rowsDeclared, rowsThere, rowsLeftOut, firstOn, lastOn, seeds, told, hasOtherRows } = added;
  const { workspaceId } = await books.recordContext();
  const complete: MutationArgs<"import.complete"> = {
    importId,
    rowsAdded,
    rowsDeclared,
    rowsThere,
    rowsLeftOut,
    rowsRefused: told.refusedCount,
    largestCategories: [...added.largestCategories],
    completedAt: books.nowInstant(),
    statements: [...told.statements],
    comparedWith: [...(told.comparedWith ?? [])],
    ...(firstOn === null || lastOn === null ? {} : { firstOn, lastOn }),
  };
  const range = firstOn === null || lastOn === null ? undefined : { first: firstOn, last: lastOn };
  const pairs = range === undefined ? [] : await findTransferPairs(books.database, { workspaceId, importId, seeds, range, hasOtherRows, pause: () => books.pause() });
  const edits = [
    { name: "import.complete" as const, args: complete },
    // What is taken back or refused leaves no original on a server.
    ...(run.isKept ? [{ name: "file.register" as const, args: { ...original, createdAt: run.createdAt } }] : []),
    ...chunksOf(pairs, selectionMax).map((chunk) => ({ name: "transfer.link" as const, args: { pairs: chunk, by: "found" } })),
  ];
  await recordTogether(books.database, edits, await books.recordContext(), () => Promise.resolve());
  return { added, transfersLinked: pairs.length };
}

function chunksOf<Item>(items: readonly Item[], lengthMax: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / lengthMax) }, (_, index) => items.slice(index * lengthMax, (index + 1) * lengthMax));
}

function summaryOfRun(run: ImportRun, understanding: Understanding, { added, transfersLinked }: Closed): ImportSummary {
  const { importId, plan } = run;
  const { rowsAdded, rowsThere, rowsLeftOut, told } = added;
  const { refused, refusedCount, skipped, statements } = told;
  const groups = plan?.groups ?? { new: rowsAdded, there: 0, look: 0 };
  return { importId, understanding, groups, rowsAdded, rowsThere, rowsLeftOut, looks: plan?.looks ?? [], statements, transfersLinked, refused, refusedCount, skipped };
}

function beginArgs(run: ImportRun, file: { readonly name: string; readonly bytes: FileBytes }, fileSha256: string, understanding: Understanding): MutationArgs<"import.begin"> {
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
