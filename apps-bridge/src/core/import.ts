import { importFile, type Books } from "@saldo/client-core/books";
import { readCsvRows, readRawLines, sayReason, sayRefusal, saySkip, understandCsv, type Answers, type ImportHints, type Reason, type Understanding } from "@saldo/client-core/import";
import { listImports, readImportDates } from "@saldo/client-core/reports";
import { SaldoError } from "@saldo/schema";
import type { ImportPreview, importMethods } from "../bridge/contract/import.ts";
import type { ParamsOut, ProgressOf } from "../bridge/methods.ts";
import type { Core } from "./core.ts";
import { readBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";
import { choicesOf, answersOf } from "./import-questions.ts";

type Overrides = ParamsOut<(typeof importMethods)["import.commit"]>["overrides"];
type Tell = (progress: ProgressOf<(typeof importMethods)["import.preview"]>) => void;

/** A file that was looked at and not kept yet. */
interface Looked {
  readonly previewId: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly overrides: Overrides;
}

const previewRowsMax = 20;
const refusedLinesMax = 100;
const previewBatchRows = 5_000;

/** Reading a file, keeping it, taking it back. The last file looked at is held in memory until another is, or until it is kept. */
export function importHandlers(core: Core): HandlersOf<"import"> {
  let looked: Looked | undefined;
  return {
    async "import.preview"({ fileName, bytes, overrides }, { progress, signal }) {
      const { books } = core.opened();
      looked = { previewId: books.ids.next(), fileName, bytes, overrides };
      return previewOf(core, looked, progress, signal);
    },
    async "import.commit"({ previewId, overrides }, { progress, signal }) {
      const { books } = core.opened();
      if (looked?.previewId !== previewId) throw new SaldoError("import.preview_gone");
      const { fileName, bytes } = looked;
      const summary = await importFile(books, { name: fileName, bytes }, {
        hints: await hintsOf(books, { ...looked, overrides: overrides ?? looked.overrides }),
        // The person saw on the preview that the file is there already.
        again: true,
        signal,
        onProgress: ({ bytesRead, bytesTotal }) => progress({ phase: "saving", done: bytesRead, total: bytesTotal }),
      });
      looked = undefined;
      return { importId: summary.importId, rowsAdded: summary.rowsAdded };
    },
    "import.history": () =>
      readBooks(core, async ({ reader, workspaceId }) => {
        const dates = await readImportDates(reader, workspaceId);
        const imports = (await listImports(reader, workspaceId)).map((row) => ({
          importId: row.id,
          fileName: row.fileName,
          importedAt: row.createdAt,
          rowsAdded: row.rowsAdded,
          rowsRefused: row.rowsRefused,
          dateFrom: dates.get(row.id)?.first ?? null,
          dateTo: dates.get(row.id)?.last ?? null,
          state: row.status,
        }));
        return { imports };
      }),
    async "import.undo"({ importId }) {
      await core.opened().books.record("import.undo", { importId });
      return null;
    },
  };
}

async function hintsOf(books: Books, { fileName, overrides }: Looked): Promise<ImportHints> {
  const { currency } = await books.workspace().catch(() => ({ currency: undefined }));
  const answers: Answers = answersOf(overrides);
  return { fileName, answers, ...(currency === undefined ? {} : { defaultCurrency: currency }) };
}

async function previewOf(core: Core, file: Looked, tell: Tell, signal: AbortSignal): Promise<ImportPreview> {
  const { books } = core.opened();
  const { bytes, fileName, previewId } = file;
  tell({ phase: "recognising", done: 0, total: null });
  const understanding = understandCsv(bytes, await hintsOf(books, file));
  const read = await readWhole(books, bytes, understanding, tell, signal);
  const rawRefused = readRawLines(bytes, understanding, read.refused.map(({ line }) => line));
  return {
    previewId,
    fileName,
    format: understanding.format,
    encoding: understanding.encoding.value,
    delimiter: understanding.delimiter.value,
    headerLine: understanding.headerLine.value,
    accountName: understanding.account,
    dateFrom: read.first,
    dateTo: read.last,
    columns: understanding.columns.map(({ index, name, role, confidence, reason }) => ({ index, header: name, role, confidence, reason: sentence(reason) })),
    rows: understanding.sample.slice(0, previewRowsMax).map(sampleRow),
    counts: { total: read.rows + read.refusedCount + read.skippedCount, new: read.rows, refused: read.refusedCount, skipped: read.skippedCount },
    sameFile: await sameFile(core, bytes),
    sums: [...read.sums].map(([currency, sum]) => ({ currency, ...sum })),
    refusedLines: read.refused.map(({ line, column, reasonCode }) => ({
      line,
      column,
      raw: (rawRefused.get(line) ?? []).join(understanding.delimiter.value),
      reason: { en: sayRefusal(reasonCode, "en"), ru: sayRefusal(reasonCode, "ru") },
    })),
    questions: understanding.questions.flatMap((question) => choicesOf(question, sentence(question.reason))),
    missing: [...understanding.missing],
  };
}

function sentence(reason: Reason): { en: string; ru: string } {
  return { en: sayReason(reason, "en"), ru: sayReason(reason, "ru") };
}

function sampleRow({ line, cells, read }: Understanding["sample"][number]): ImportPreview["rows"][number] {
  const raw = [...cells];
  if ("postedOn" in read) {
    const { postedOn, amountMinor, currency, counterparty, description, account, category } = read;
    return { line, raw, state: "new", reason: null, read: { date: postedOn, amountMinor, currency, counterparty, description, account, category } };
  }
  const isRefused = "column" in read;
  const reason = isRefused
    ? { en: sayRefusal(read.reasonCode, "en"), ru: sayRefusal(read.reasonCode, "ru") }
    : { en: saySkip(read.reasonCode, "en"), ru: saySkip(read.reasonCode, "ru") };
  return { line, raw, state: isRefused ? "refused" : "skipped", reason, read: null };
}

interface WholeRead {
  rows: number;
  refusedCount: number;
  skippedCount: number;
  first: string | null;
  last: string | null;
  readonly refused: { readonly line: number; readonly column: string | null; readonly reasonCode: Parameters<typeof sayRefusal>[0] }[];
  readonly sums: Map<string, { inMinor: number; outMinor: number }>;
}

/** Reads the whole file once, keeping only what the preview says of it. */
async function readWhole(books: Books, bytes: Uint8Array, understanding: Understanding, tell: Tell, signal: AbortSignal): Promise<WholeRead> {
  const read: WholeRead = { rows: 0, refusedCount: 0, skippedCount: 0, first: null, last: null, refused: [], sums: new Map() };
  if (understanding.missing.length > 0) return read;
  for (const batch of readCsvRows(bytes, understanding, { batchRows: previewBatchRows })) {
    if (signal.aborted) throw new SaldoError("import.cancelled");
    read.rows += batch.rows.length;
    read.refusedCount += batch.refused.length;
    read.skippedCount += batch.skipped.length;
    read.refused.push(...batch.refused.slice(0, refusedLinesMax - read.refused.length));
    for (const row of batch.rows) {
      if (read.first === null || row.postedOn < read.first) read.first = row.postedOn;
      if (read.last === null || row.postedOn > read.last) read.last = row.postedOn;
      const sum = read.sums.get(row.currency) ?? { inMinor: 0, outMinor: 0 };
      if (row.amountMinor > 0) sum.inMinor += row.amountMinor;
      else sum.outMinor -= row.amountMinor;
      read.sums.set(row.currency, sum);
    }
    tell({ phase: "reading", done: batch.bytesRead, total: bytes.byteLength });
    await books.pause();
  }
  return read;
}

async function sameFile(core: Core, bytes: Uint8Array): Promise<ImportPreview["sameFile"]> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return readBooks(core, async ({ reader, workspaceId }) => {
    const known = (await listImports(reader, workspaceId)).find((row) => row.fileSha256 === sha256 && row.status === "complete");
    return known ? { importId: known.id, importedAt: known.createdAt } : null;
  });
}
