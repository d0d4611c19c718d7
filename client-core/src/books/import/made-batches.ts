import { importBatchRowsMax, importedRows, mutations, readyForImportRows, systemIds, tableCodec, tables, type MutationArgs, type Row } from "@saldo/schema";
import { codeCategory } from "../../categories/known-words.ts";
import { readRows, type FileBytes, type Understanding } from "../../import/index.ts";
import { boundRows, freezeBody, thawBody, type DeviceRows, type FrozenBody, type RecordContext } from "../../mutations/index.ts";
import { copyBinary, copyColumnsOf } from "../../store/copy-binary.ts";
import type { MadeRows } from "../../store/index.ts";
import { collectNames } from "../names-of-file.ts";
import { createBatchMaker, type MadeArgs, type RowTotals } from "./batch-maker.ts";
import { surveyFile, type FileTold } from "./file-survey.ts";

/** A file to be read whole into books that hold nothing yet; plain data, so that another thread can be given it. */
export interface ReadingJob {
  readonly file: Uint8Array | Blob;
  readonly understanding: Understanding;
  readonly importId: string;
  readonly createdAt: string;
  readonly workspaceId: string;
  /** The account of rows that name none. */
  readonly defaultAccount: string;
  readonly accounts: readonly Row<"account">[];
  /** Categories rows may be given by their merchant code; null when none is to be given. */
  readonly chart: readonly Row<"category">[] | null;
  /** Numbers of rows a person left out. */
  readonly leftOut: readonly number[];
  /** False where the file was surveyed before. */
  readonly isSurveyed: boolean;
  readonly largestCategories: number;
}

/** A batch ready to be recorded: its body as it will be sent, and its rows as the database takes them. */
export interface MadeBatch extends Pick<MutationArgs<"import.addRows">, "importId" | "accounts" | "categories"> {
  readonly frozen: FrozenBody;
  readonly rows: MadeRows;
}

/** A part of the file, read. */
export interface MadeStep extends Pick<MadeArgs, "names"> {
  readonly batches: readonly MadeBatch[];
  readonly rowsAdded: number;
  readonly bytesRead: number;
}

/** What the whole file came to. */
export interface MadeEnd {
  readonly totals: RowTotals;
  readonly largestCategories: readonly string[];
  /** Null where the file was surveyed before. */
  readonly told: FileTold | null;
}

const codec = tableCodec(tables.transaction);
const columns = copyColumnsOf(codec);

/** Opens a file that was handed over whole, to be read slice by slice. */
export type OpenFile = (file: Blob) => FileBytes;

/** Reads a file into batches ready to be recorded. Throws what reading throws and what a batch maker does. */
export async function* makeBatches(job: ReadingJob, openFile: OpenFile): AsyncGenerator<MadeStep, MadeEnd, void> {
  const { file, understanding, importId, createdAt, workspaceId, chart } = job;
  const names = collectNames(job.defaultAccount, job.accounts);
  const survey = job.isSurveyed ? surveyFile(understanding) : undefined;
  const ids = systemIds();
  const categories = new Map((chart ?? []).map((category) => [category.id, category]));
  const leftOut = new Set(job.leftOut);
  const maker = createBatchMaker({
    importId,
    createdAt,
    names,
    rules: [],
    nextId: () => ids.next(),
    groupOf: () => "new",
    choiceOf: (_group, index) => (leftOut.has(index) ? "skip" : "add"),
    ...(survey === undefined ? {} : { survey }),
    ...(chart === null ? {} : { categorise: (row) => codeCategory({ searchText: row.searchText, kind: row.kind, isOut: row.amountMinor < 0 }, categories) }),
  });
  const bytes = file instanceof Uint8Array ? file : openFile(file);
  for await (const batch of readRows(bytes, understanding, { batchRows: importBatchRowsMax })) {
    const made = maker.take(batch);
    const batches: MadeBatch[] = [];
    for (const args of made.batches) batches.push(await makeBatch(args, workspaceId));
    yield { names: made.names, batches, rowsAdded: maker.totals().rowsAdded, bytesRead: batch.bytesRead };
  }
  return { totals: maker.totals(), largestCategories: names.largestCategories(job.largestCategories), told: survey?.told() ?? null };
}

async function makeBatch(args: MutationArgs<"import.addRows">, workspaceId: string): Promise<MadeBatch> {
  const { importId, accounts, categories } = args;
  const frozen = await freezeBody(args);
  const rows = importedRows(args, categories, workspaceId);
  const months = [...new Set(rows.map(({ postedOn }) => postedOn.slice(0, 7)))];
  return { importId, accounts, categories, frozen, rows: { ...copyBinary(columns, boundRows(codec, rows, "postgres")), months } };
}

/** Adds the rows of a made batch, as its mutation does; one whose categories stand for others by now is run as any mutation is. */
export async function addMadeRows(rows: DeviceRows, { frozen, rows: made, ...head }: MadeBatch, context: RecordContext): Promise<void> {
  const meant = await readyForImportRows(rows, head);
  if (meant.every((id, index) => id === head.categories[index])) return rows.insertMade("transaction", head.importId, made);
  const run = mutations["import.addRows"].bind(await thawBody(frozen.encoding, new Uint8Array(frozen.body)));
  return run(rows, context);
}
