import type { Books } from "@saldo/client-core/books";
import { readRows } from "@saldo/client-core/store";
import { analysisWords, isErrorCode, errorEntry, SaldoError, type JobKind, type JsonValue, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { cloudText } from "../cloud-text.ts";
import { withBooks } from "../store-folder.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";

/** Work a person may ask of the cloud. */
export interface CloudRequest {
  readonly kind: JobKind;
  readonly parameters: JsonValue;
}

/** Asks the cloud for work; the request leaves with the next sync. */
export async function requestWork(terminal: Terminal, { kind, parameters }: CloudRequest, options: StoreOptions): Promise<void> {
  await onBooks(options, async (books) => {
    const jobId = books.ids.next();
    await books.record("job.request", { jobId, kind, parameters, requestedAt: books.nowInstant() });
    tell(terminal, options, jobId, "asked");
  });
}

/** Stops work that waits or runs. Throws `SaldoError` `cli.job_missing`. */
export async function stopWork(terminal: Terminal, jobId: string, options: StoreOptions): Promise<void> {
  await onBooks(options, async (books) => {
    await jobOf(books, jobId);
    await books.record("job.cancel", { jobId, finishedAt: books.nowInstant() });
    tell(terminal, options, jobId, "stopped");
  });
}

/** Asks once more for work that failed or was stopped. Throws `SaldoError` `cli.job_missing`. */
export async function retryWork(terminal: Terminal, jobId: string, options: StoreOptions): Promise<void> {
  await onBooks(options, async (books) => {
    await jobOf(books, jobId);
    await books.record("job.retry", { jobId, requestedAt: books.nowInstant() });
    tell(terminal, options, jobId, "asked");
  });
}

/** Lists what was asked of the cloud, the newest first. */
export async function listWork(terminal: Terminal, options: StoreOptions): Promise<void> {
  await onBooks(options, async (books) => {
    const { workspaceId } = await books.recordContext();
    const jobs = await readRows(books.database, "job", sql`where "workspace_id" = ${workspaceId} order by "requested_at" desc, "id" desc`);
    if (options.json) return printJson(terminal, jobs.map(({ id, kind, status, attempt, progressPermille, errorCode, requestedAt, finishedAt }) => ({ jobId: id, kind, status, attempt, progressPermille, errorCode, requestedAt, finishedAt })));
    const text = cloudText[options.fresh.locale];
    if (jobs.length === 0) return void terminal.stdout.write(`${text.none}\n`);
    terminal.stdout.write(tableText(jobs.map((job) => [job.id, text.kinds[job.kind], stateText(job, options), job.requestedAt])));
  });
}

/** Prints the results of one job: as JSON whole, else what models put into words. Throws `SaldoError` `cli.job_missing`. */
export async function showWork(terminal: Terminal, jobId: string, options: StoreOptions): Promise<void> {
  await onBooks(options, async (books) => {
    const job = await jobOf(books, jobId);
    const { workspaceId } = await books.recordContext();
    const results = await readRows(books.database, "report_result", sql`where "workspace_id" = ${workspaceId} and "job_id" = ${jobId} order by "kind"`);
    if (options.json) return printJson(terminal, { jobId, kind: job.kind, status: job.status, errorCode: job.errorCode, results: Object.fromEntries(results.map(({ kind, result }) => [kind, result])) });
    const text = cloudText[options.fresh.locale];
    terminal.stdout.write(`${text.kinds[job.kind]}: ${stateText(job, options)}\n`);
    if (results.length > 0) terminal.stdout.write(`${text.results}: ${results.map(({ kind }) => kind).join(", ")}\n`);
    const words = analysisWords.safeParse(results.find(({ kind }) => kind === "words")?.result);
    if (!words.success) return;
    for (const { sentences } of words.data.changes) terminal.stdout.write(`\n${sentences.join(" ")}\n`);
    if (words.data.findings.length > 0) terminal.stdout.write(`\n${words.data.findings.map(({ title }) => `- ${title}`).join("\n")}\n`);
    if (words.data.suggestions.length > 0) terminal.stdout.write(`\n${text.suggestions(words.data.suggestions.length)}\n`);
  });
}

/** Says whether AI providers may see names and texts of rows, or decides it. */
export async function namesToModels(terminal: Terminal, allowed: boolean | undefined, options: StoreOptions): Promise<void> {
  await onBooks(options, async (books) => {
    if (allowed !== undefined) await books.record("workspace.update", { aiNames: allowed });
    const { aiNames } = await books.workspace();
    if (options.json) return printJson(terminal, { aiNames });
    terminal.stdout.write(`${cloudText[options.fresh.locale][aiNames ? "namesOn" : "namesOff"]}\n`);
  });
}

function onBooks(options: StoreOptions, work: (books: Books) => Promise<void>): Promise<void> {
  return withBooks(options.store, { create: false, fresh: options.fresh }, work);
}

async function jobOf(books: Books, jobId: string): Promise<Row<"job">> {
  const { workspaceId } = await books.recordContext();
  const [job] = await readRows(books.database, "job", sql`where "workspace_id" = ${workspaceId} and "id" = ${jobId}`);
  if (job === undefined) throw new SaldoError("cli.job_missing", { jobs: jobId });
  return job;
}

function stateText({ status, progressPermille, errorCode }: Row<"job">, { fresh }: StoreOptions): string {
  const state = cloudText[fresh.locale].states[status];
  if (status === "running") return `${state} ${Math.round(progressPermille / 10)}%`;
  return errorCode === null ? state : `${state}: ${errorCode}${isErrorCode(errorCode) ? ` (${errorEntry(errorCode).meaning[fresh.locale]})` : ""}`;
}

function tell(terminal: Terminal, { json, fresh }: StoreOptions, jobId: string, done: "asked" | "stopped"): void {
  if (json) printJson(terminal, { jobId });
  else terminal.stdout.write(`${cloudText[fresh.locale][done](jobId)}\n`);
}
