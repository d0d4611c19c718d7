import { categorySlots, importBatchRowsMax, mutations, SaldoError } from "@saldo/schema";
import { readRules, type CompiledRule } from "../../categories/rules.ts";
import { readRows, type FileBytes, type Understanding } from "../../import/index.ts";
import { bulkRecorder, type BulkRecorder } from "../../mutations/index.ts";
import { listCategories } from "../../reports/lists.ts";
import type { Books } from "../books.ts";
import type { ImportOptions } from "../import-file.ts";
import { createBatchMaker, type RowTotals } from "./batch-maker.ts";
import { choiceOf } from "./decisions.ts";
import { surveyFile, type FileTold } from "./file-survey.ts";
import { addMadeRows, type ReadingJob } from "./made-batches.ts";
import { accountsForFile, areBooksEmpty, namesForFile, type ImportPlan } from "./plan-import.ts";
import { readByThread, type ReadingThread } from "./reading-thread.ts";

/** An import under way. */
export interface ImportRun {
  readonly books: Books;
  readonly importId: string;
  /** Null when all rows are new. */
  readonly plan: ImportPlan | null;
  readonly createdAt: string;
  /** True when the original's bytes are kept on this device. */
  readonly isKept: boolean;
}

/** What adding rows takes of the options of an import. */
type AddingOptions = Pick<ImportOptions, "categorise" | "decisions" | "onProgress" | "signal">;

type Told = FileTold & { readonly comparedWith?: readonly string[] };

/** What was added, and what the file told. */
export interface AddedRows extends RowTotals {
  readonly largestCategories: readonly string[];
  readonly told: Told;
  /** False when the books held nothing before. */
  readonly hasOtherRows: boolean;
}

type ReadRows = Omit<AddedRows, "hasOtherRows">;

/** Bytes of a file from which on a thread of its own reads it sooner than it takes to start one. */
const threadBytesMin = 1024 * 1024;

/**
 * Adds the rows of a file batch by batch. Throws what reading throws, `import.too_many_names`, `import.too_many_rows`, and `import.cancelled` after the signal.
 */
export async function addAllRows(run: ImportRun, bytes: FileBytes, understanding: Understanding, options: AddingOptions): Promise<AddedRows> {
  const { books } = run;
  const context = await books.recordContext();
  const rules = await readRules(books.database, context.workspaceId);
  const hasOtherRows = !(await areBooksEmpty(books));
  const isWorthIt = bytes.byteLength >= threadBytesMin && rules.length === 0 && books.database.takesMadeRows && !hasOtherRows;
  const file = bytes instanceof Uint8Array ? bytes : bytes.blob;
  const thread = isWorthIt && file !== undefined ? await books.startReading() : null;
  const added = thread === null || file === undefined ? await readHere(run, rules, bytes, understanding, options) : await readBeside(run, thread, file, bytes.byteLength, understanding, options);
  return { ...added, hasOtherRows };
}

/** Made batches of one transaction: a browser writes what was logged of them to its files at its end. */
const madeGroupMax = 4;

/** Reads and writes in turns: reading a batch overlaps with compressing the ones before it. */
async function readHere(run: ImportRun, rules: readonly CompiledRule[], bytes: FileBytes, understanding: Understanding, options: AddingOptions): Promise<ReadRows> {
  const { books, importId, createdAt, plan } = run;
  const { categorise, decisions = {} } = options;
  const context = await books.recordContext();
  const names = await namesForFile(books, understanding);
  const survey = plan === null ? surveyFile(understanding) : undefined;
  const maker = createBatchMaker({
    importId,
    createdAt,
    names,
    rules,
    nextId: () => books.ids.next(),
    groupOf: (index) => plan?.groupOf(index) ?? "new",
    choiceOf: (group, index) => choiceOf(group, decisions, index),
    ...(survey === undefined ? {} : { survey }),
    ...(categorise === undefined ? {} : { categorise }),
  });
  const recorder = bulkRecorder(books.database);
  for await (const batch of readRows(bytes, understanding, { batchRows: importBatchRowsMax })) {
    if (options.signal?.aborted === true) throw await stopped(recorder);
    const made = maker.take(batch);
    if (made.names !== null) await recorder.add(mutations["import.addNames"], made.names, context);
    for (const args of made.batches) await recorder.add(mutations["import.addRows"], args, context);
    options.onProgress?.({ phase: "saving", bytesRead: batch.bytesRead, bytesTotal: bytes.byteLength, rowsAdded: maker.totals().rowsAdded });
    await books.pause();
  }
  await recorder.finish();
  const told = plan ?? survey?.told();
  if (told === undefined) throw new TypeError("a file without a plan is surveyed while it is read");
  return { ...maker.totals(), largestCategories: names.largestCategories(categorySlots), told };
}

/** The same where a thread reads ahead and gives what it reads as the database takes it. For books that hold nothing, so that all rows are new. */
async function readBeside(run: ImportRun, thread: ReadingThread, file: Uint8Array | Blob, bytesTotal: number, understanding: Understanding, options: AddingOptions): Promise<ReadRows> {
  const { books } = run;
  const recorder = bulkRecorder(books.database, { groupMutationsMax: madeGroupMax, isEager: true });
  try {
    const context = await books.recordContext();
    const steps = readByThread(thread, await jobOf(run, file, understanding, options));
    for (;;) {
      const next = await steps.next();
      if (options.signal?.aborted === true) throw await stopped(recorder);
      if (next.done === true) {
        await recorder.finish();
        const { totals, largestCategories, told } = next.value;
        return { ...totals, largestCategories, told: run.plan ?? told ?? surveyFile(understanding).told() };
      }
      const { names, batches, bytesRead, rowsAdded } = next.value;
      if (names !== null) await recorder.add(mutations["import.addNames"], names, context);
      for (const batch of batches) await recorder.addFrozen(mutations["import.addRows"], batch.frozen, (rows) => addMadeRows(rows, batch, context), context);
      options.onProgress?.({ phase: "saving", bytesRead, bytesTotal, rowsAdded });
    }
  } finally {
    thread.end();
  }
}

async function jobOf({ books, importId, createdAt, plan }: ImportRun, file: Uint8Array | Blob, understanding: Understanding, { categorise, decisions }: AddingOptions): Promise<ReadingJob> {
  const { workspaceId } = await books.recordContext();
  const { account, accounts } = await accountsForFile(books, understanding);
  return {
    file,
    understanding,
    importId,
    createdAt,
    workspaceId,
    defaultAccount: account,
    accounts,
    chart: categorise === undefined ? null : await listCategories(books.database, workspaceId),
    leftOut: [...(decisions?.rows ?? [])].flatMap(([index, choice]) => (choice === "skip" ? [index] : [])),
    isSurveyed: plan === null,
    largestCategories: categorySlots,
  };
}

/** What is on its way is written before it is taken back. */
async function stopped(recorder: BulkRecorder): Promise<SaldoError> {
  await recorder.finish();
  return new SaldoError("import.cancelled");
}
