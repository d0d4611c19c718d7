import type { Books } from "@saldo/client-core/books";
import {
  importLimits,
  readingStyle,
  readRows,
  sayReason,
  sayRefusal,
  saySkip,
  understandFile,
  type Answers,
  type ImportHints,
  type Reason,
  type Refusal,
  type SampleRow,
  type Understanding,
} from "@saldo/client-core/import";
import { minor, SaldoError, sumMinor, type Minor } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { ImportPreview } from "../bridge/contract/import.ts";
import type { CallContext } from "../bridge/server.ts";
import type { Overrides } from "./import.ts";
import { questionsOf } from "./import-questions.ts";
import { RawLines } from "./raw-lines.ts";

/** Refused lines a preview lists. */
const refusedLinesMax = 100;
/** Characters of a refused line shown. */
const rawCharsMax = 400;
/** Rows read between two turns of the event loop. */
const rowsPerTurn = 5_000;

type Progress = CallContext<{ phase: "reading" | "recognising" | "checking" | "saving"; done: number; total: number | null }>;

/** A file as a person dropped it. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the whole file holds, by a dry reading of every row. */
interface Survey {
  readonly counts: ImportPreview["counts"];
  readonly sums: ImportPreview["sums"];
  readonly refused: readonly Refusal[];
  readonly dateFrom: string | null;
  readonly dateTo: string | null;
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
    encoding: z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1251", "windows-1252", "ibm866"]),
    delimiter: z.string().length(1),
    dateOrder: z.enum(["DMY", "MDY", "YMD", "serial"]),
    decimal: z.enum([".", ","]),
    sign: z.enum(["signed", "signed_inverted", "debit_credit", "debit_credit_inverted", "direction_column", "expense_list", "income_list"]),
    /** Names joined by a character no sheet name may hold. */
    sheets: z.string().transform((names) => names.split("/")),
    hiddenRows: z.enum(["read", "leave"]),
    currency: z.string().regex(/^[A-Z]{3}$/),
  })
  .partial()
  .transform((given): Answers => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));

/** Reads a file without keeping anything. Throws `SaldoError` `import.*` when it is not one we can read, `bridge.cancelled` after the signal. */
export async function previewFile(books: Books, file: DroppedFile, hints: ImportHints, { signal, progress }: Pick<Progress, "signal" | "progress">): Promise<ImportPreview> {
  const total = file.bytes.byteLength;
  progress({ phase: "recognising", done: 0, total: null });
  await books.pause();
  const understanding = await understandFile(file.bytes, hints);
  const survey = await surveyRows(books, file.bytes, understanding, signal, (done) => progress({ phase: "checking", done, total }));
  const { format, encoding, bomBytes, delimiter, headerLine, isTable } = readingStyle(understanding);
  const refusedLines = survey.refused.slice(0, refusedLinesMax);
  const texts = encoding === null ? new Map<number, string>() : new RawLines(file.bytes, encoding, bomBytes).textOf(refusedLines.map(({ line }) => line));
  return {
    previewId: books.ids.next(),
    fileName: file.name,
    format,
    encoding,
    delimiter,
    headerLine,
    isTable,
    accountName: understanding.account,
    dateFrom: survey.dateFrom,
    dateTo: survey.dateTo,
    columns: understanding.columns.map(({ index, name, role, confidence, reason }) => ({ index, header: name, role, confidence, reason: bothLanguages(reason) })),
    rows: understanding.sample.slice(0, importLimits.sampleRowsMax).map(previewRow),
    counts: survey.counts,
    sameFile: await sameFileOf(books, file.bytes),
    sums: survey.sums,
    refusedLines: refusedLines.map(({ line, column, reasonCode }) => ({
      line,
      column,
      raw: (texts.get(line) ?? "").slice(0, rawCharsMax),
      reason: { en: sayRefusal(reasonCode, "en"), ru: sayRefusal(reasonCode, "ru") },
    })),
    questions: questionsOf(understanding),
    missing: [...understanding.missing],
  };
}

function bothLanguages(reason: Reason): { readonly en: string; readonly ru: string } {
  return { en: sayReason(reason, "en"), ru: sayReason(reason, "ru") };
}

function previewRow({ line, cells, read }: SampleRow): ImportPreview["rows"][number] {
  const raw = [...cells];
  if (read === null) return { line, raw, read, state: "unread", reason: null };
  if ("postedOn" in read) {
    const { postedOn, amountMinor, currency, counterparty, description, account, category } = read;
    return { line, raw, read: { date: postedOn, amountMinor, currency, counterparty, description, account, category }, state: "new", reason: null };
  }
  if ("column" in read) return { line, raw, read: null, state: "refused", reason: { en: sayRefusal(read.reasonCode, "en"), ru: sayRefusal(read.reasonCode, "ru") } };
  return { line, raw, read: null, state: "skipped", reason: { en: saySkip(read.reasonCode, "en"), ru: saySkip(read.reasonCode, "ru") } };
}

async function surveyRows(books: Books, bytes: Uint8Array, understanding: Understanding, signal: AbortSignal, tell: (bytesRead: number) => void): Promise<Survey> {
  const nothing: Survey = { counts: { total: 0, new: 0, refused: 0, skipped: 0 }, sums: [], refused: [], dateFrom: null, dateTo: null };
  if (understanding.missing.length > 0) return nothing;
  const sums = new Map<string, { inMinor: Minor; outMinor: Minor }>();
  const refused: Refusal[] = [];
  const counts = { total: 0, new: 0, refused: 0, skipped: 0 };
  let [dateFrom, dateTo]: (string | null)[] = [null, null];
  for await (const batch of readRows(bytes, understanding, { batchRows: rowsPerTurn })) {
    if (signal.aborted) throw new SaldoError("bridge.cancelled");
    counts.new += batch.rows.length;
    counts.refused += batch.refused.length;
    counts.skipped += batch.skipped.length;
    refused.push(...batch.refused.slice(0, refusedLinesMax - refused.length));
    for (const { amountMinor, currency, postedOn } of batch.rows) {
      const sum = sums.get(currency) ?? { inMinor: minor(0), outMinor: minor(0) };
      if (amountMinor > 0) sum.inMinor = sumMinor([sum.inMinor, amountMinor]);
      else sum.outMinor = sumMinor([sum.outMinor, minor(-amountMinor)]);
      sums.set(currency, sum);
      if (dateFrom === null || dateFrom === undefined || postedOn < dateFrom) dateFrom = postedOn;
      if (dateTo === null || dateTo === undefined || postedOn > dateTo) dateTo = postedOn;
    }
    tell(batch.bytesRead);
    await books.pause();
  }
  counts.total = counts.new + counts.refused + counts.skipped;
  const sorted = [...sums].map(([currency, sum]) => ({ currency, ...sum })).toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
  return { counts, sums: sorted, refused, dateFrom: dateFrom ?? null, dateTo: dateTo ?? null };
}

const knownFile = z.object({ id: z.string(), created_at: z.string() });

/** The finished import of the very same bytes, if there is one. */
async function sameFileOf(books: Books, bytes: Uint8Array): Promise<ImportPreview["sameFile"]> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const [row] = await books.database.query(
    sql`select "id", "created_at" from "import" where "file_sha256" = ${sha256} and "status" = 'complete' order by "created_at" desc limit 1`,
  );
  if (row === undefined) return null;
  const { id, created_at: importedAt } = knownFile.parse(row);
  return { importId: id, importedAt };
}
