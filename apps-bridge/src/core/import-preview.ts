import { planImport, understandInBooks, type Books, type ComparedRow, type ImportPlan } from "@saldo/client-core/books";
import { sha256Hex } from "@saldo/client-core/files";
import {
  importLimits,
  readingStyle,
  sayReason,
  sayRefusal,
  saySkip,
  type Answers,
  type FileBytes,
  type ImportHints,
  type ReadRow,
  type Reason,
  type SampleRow,
  type Understanding,
  signConventions,
} from "@saldo/client-core/import";
import { listAccounts } from "@saldo/client-core/reports";
import { minor, SaldoError, type StatementReport } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { ImportPreview, StatementView } from "../bridge/contract/import.ts";
import type { CallContext } from "../bridge/server.ts";
import type { Overrides } from "./import.ts";
import { questionsOf } from "./import-questions.ts";
import { RawLines } from "./raw-lines.ts";

/** Refused lines a preview lists. */
const refusedLinesMax = 100;
/** Characters of a refused line shown. */
const rawCharsMax = 400;

type Progress = CallContext<{ phase: "reading" | "recognising" | "checking" | "saving"; done: number; total: number | null }>;

/** A file as a person dropped it. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: FileBytes;
}

/** Corrections by a person as the reader of files takes them. */
export function hintsOfOverrides(overrides: Overrides | undefined): Answers {
  const said = Object.fromEntries((overrides?.answers ?? []).map(({ questionId, choiceId }) => [questionId, choiceId]));
  const columns = Object.fromEntries((overrides?.roles ?? []).map(({ index, role }) => [index, role]));
  const answers = answersSchema.parse(said);
  return { ...answers, ...(Object.keys(columns).length > 0 ? { columns } : {}) };
}

const answersSchema = z
  .object({
    encoding: z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1250", "windows-1251", "windows-1252", "ibm866"]),
    delimiter: z.union([z.string().length(1), z.literal("fixed")]),
    dateOrder: z.enum(["DMY", "MDY", "YMD", "serial"]),
    decimal: z.enum([".", ","]),
    sign: z.enum(signConventions),
    /** Names joined by a character no sheet name may hold. */
    sheets: z.string().transform((names) => names.split("/")),
    fee: z.enum(["apart", "taken_off"]),
    hiddenRows: z.enum(["read", "leave"]),
    outerLines: z.enum(["leave", "read"]),
    ownAccounts: z.string().transform((name) => [name]),
    currency: z.string().regex(/^[A-Z]{3}$/),
  })
  .partial()
  .transform((given): Answers => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));

/** Reads a file without keeping anything. Throws `SaldoError` `import.*` when it is not one we can read, `bridge.cancelled` after the signal. */
export async function previewFile(books: Books, file: DroppedFile, hints: ImportHints, { signal, progress }: Pick<Progress, "signal" | "progress">): Promise<PreviewedFile> {
  const total = file.bytes.byteLength;
  progress({ phase: "recognising", done: 0, total: null });
  await books.pause();
  const { understanding, mapping } = await understandInBooks(books, file.bytes, hints);
  const plan = await planOf(books, file.bytes, understanding, signal, (done) => progress({ phase: "checking", done, total }));
  const { format, encoding, bomBytes, delimiter, headerLine, isTable } = readingStyle(understanding);
  const refusedLines = (plan?.refused ?? []).slice(0, refusedLinesMax);
  const texts = encoding === null ? new Map<number, string>() : new RawLines(file.bytes, encoding, bomBytes).textOf(refusedLines.map(({ line }) => line));
  const preview: ImportPreview = {
    previewId: books.ids.next(),
    fileName: file.name,
    format,
    encoding,
    delimiter,
    headerLine,
    isTable,
    sheets: "sheetNames" in understanding ? understanding.sheetNames.map(({ name }) => ({ name, isChosen: understanding.sheets.value.includes(name) })) : [],
    mapping: mapping === null ? null : { id: mapping.id },
    accountName: understanding.account,
    dateFrom: plan?.firstOn ?? null,
    dateTo: plan?.lastOn ?? null,
    columns: understanding.columns.map(({ index, name, role, confidence, reason }) => ({ index, header: name, role, confidence, reason: bothLanguages(reason) })),
    rows: previewRows(understanding.sample.slice(0, importLimits.sampleRowsMax), plan),
    counts: countsOf(plan),
    looks: (plan?.looks ?? []).map(comparedView),
    there: (plan?.there ?? []).map(comparedView),
    statements: statementViews(plan?.statements ?? [], await accountNames(books)),
    sameFile: await sameFileOf(books, file.bytes),
    sums: (plan?.sums ?? []).map((sum) => ({ ...sum })),
    refusedLines: refusedLines.map(({ line, part, column, reasonCode }) => ({
      line,
      part: part ?? null,
      column,
      raw: (texts.get(line) ?? "").slice(0, rawCharsMax),
      reason: { en: sayRefusal(reasonCode, "en"), ru: sayRefusal(reasonCode, "ru") },
    })),
    questions: questionsOf(understanding),
    missing: [...understanding.missing],
  };
  return { preview, plan };
}

/** A preview with the plan it was made of; null while something needed is missing. */
export interface PreviewedFile {
  readonly preview: ImportPreview;
  readonly plan: ImportPlan | null;
}

/** Names of the accounts of the books by id. */
export async function accountNames(books: Books): Promise<ReadonlyMap<string, string>> {
  const { workspaceId } = await books.recordContext();
  return new Map((await listAccounts(books.database, workspaceId)).map(({ id, name }) => [id, name]));
}

function countsOf(plan: ImportPlan | null): ImportPreview["counts"] {
  if (plan === null) return { total: 0, new: 0, there: 0, look: 0, refused: 0, skipped: 0 };
  const { groups, rowsRead, refusedCount: refused, skippedCount: skipped } = plan;
  return { total: rowsRead + refused + skipped, ...groups, refused, skipped };
}

/** The first rows of the file; their numbers count only those that are transactions. */
function previewRows(sample: readonly SampleRow[], plan: ImportPlan | null): ImportPreview["rows"] {
  let index = 0;
  return sample.map((row) => previewRow(row, row.read !== null && "postedOn" in row.read ? index++ : null, plan));
}

function bothLanguages(reason: Reason): { readonly en: string; readonly ru: string } {
  return { en: sayReason(reason, "en"), ru: sayReason(reason, "ru") };
}

function previewRow({ line, cells, read }: SampleRow, index: number | null, plan: ImportPlan | null): ImportPreview["rows"][number] {
  const raw = [...cells];
  if (read === null) return { line, raw, read, index, state: "unread", reason: null };
  if ("postedOn" in read) return { line, raw, read: readView(read), index, state: plan === null || index === null ? "new" : plan.groupOf(index), reason: null };
  if ("column" in read) return { line, raw, read: null, index, state: "refused", reason: { en: sayRefusal(read.reasonCode, "en"), ru: sayRefusal(read.reasonCode, "ru") } };
  return { line, raw, read: null, index, state: "skipped", reason: { en: saySkip(read.reasonCode, "en"), ru: saySkip(read.reasonCode, "ru") } };
}

/** Compares a readable file with the books. Throws `bridge.cancelled` after the signal. */
async function planOf(books: Books, bytes: FileBytes, understanding: Understanding, signal: AbortSignal, tell: (bytesRead: number) => void): Promise<ImportPlan | null> {
  if (understanding.missing.length > 0) return null;
  try {
    return await planImport(books, bytes, understanding, { signal, onProgress: tell });
  } catch (error) {
    throw signal.aborted ? new SaldoError("bridge.cancelled", {}, { cause: error }) : error;
  }
}

/** A compared row as screens show it. */
export function comparedView({ index, row, twin }: ComparedRow): ImportPreview["looks"][number] {
  const view = { index, line: row.line, read: readView(row) };
  if (twin === null) return { ...view, twin };
  const { id, postedOn: date, counterpartyName: counterparty, description } = twin;
  return { ...view, twin: { id, date, counterparty, description } };
}

function readView({ postedOn, amountMinor, currency, counterparty, description, account, category }: ReadRow) {
  return { date: postedOn, amountMinor, currency, counterparty, description, account, category };
}

/** Statements as screens show them; `names` are those of known accounts by id. */
export function statementViews(statements: readonly StatementReport[], names: ReadonlyMap<string, string>): StatementView[] {
  return statements.map(({ accountId, balanceBefore: _before, openingMinor, closingMinor, differenceMinor, inMinor, outMinor, gaps, ...rest }) => ({
    ...rest,
    accountName: names.get(accountId) ?? null,
    openingMinor: openingMinor === null ? null : minor(openingMinor),
    inMinor: minor(inMinor),
    outMinor: minor(outMinor),
    closingMinor: closingMinor === null ? null : minor(closingMinor),
    differenceMinor: differenceMinor === null ? null : minor(differenceMinor),
    gaps: gaps.map((gap) => ({ line: gap.line, differenceMinor: minor(gap.differenceMinor) })),
  }));
}

const knownFile = z.object({ id: z.string(), created_at: z.string() });

/** The finished import of the very same bytes, if there is one. */
async function sameFileOf(books: Books, bytes: FileBytes): Promise<ImportPreview["sameFile"]> {
  const sha256 = await sha256Hex(bytes);
  const [row] = await books.database.query(
    sql`select "id", "created_at" from "import" where "file_sha256" = ${sha256} and "status" = 'complete' order by "created_at" desc limit 1`,
  );
  if (row === undefined) return null;
  const { id, created_at: importedAt } = knownFile.parse(row);
  return { importId: id, importedAt };
}
