import { SaldoError } from "@saldo/schema";
import pg from "pg";
import { z } from "zod";
import { printJson, tableText, type Locale, type Terminal } from "../terminal.ts";
import { discardLetters, listJobs, retryLetters, showJobs, type DeadLetterChoice, type JobListState, type SettledLetter } from "./jobs.pg.ts";
import { jobsText } from "./jobs-text.ts";

const connectMsMax = 10_000;
const statementMsMax = 60_000;

/** How an admin command prints. */
export interface AdminOptions {
  readonly json: boolean;
  readonly locale: Locale;
}

/** Lists jobs in a state. */
export async function adminListJobs(terminal: Terminal, state: JobListState, countMax: number, { json, locale }: AdminOptions): Promise<void> {
  const jobs = await onServer(terminal, (client) => listJobs(client, state, countMax));
  if (json) return printJson(terminal, jobs);
  const text = jobsText[locale];
  if (jobs.length === 0) return void terminal.stdout.write(`${text.none[state]}\n`);
  const header = [text.job, text.workspace, text.kind, text.attempt, text.since[state], text.cost, ...(state === "dead" ? [text.reason] : state === "running" ? [text.progress] : [])];
  const rows = jobs.map((job) => [
    job.jobId,
    job.workspaceId,
    job.kind,
    String(job.attempt),
    job.since ?? "",
    dollars(job.costMicros),
    ...(state === "dead" ? [job.code ?? ""] : state === "running" ? [`${Math.round(job.progressPermille / 10)}%`] : []),
  ]);
  terminal.stdout.write(tableText([header, ...rows], [3, 5]));
}

/** Shows all that is kept of one job. Throws `SaldoError` `cli.job_missing`. */
export async function adminShowJob(terminal: Terminal, jobId: string, { json, locale }: AdminOptions): Promise<void> {
  const jobs = await onServer(terminal, (client) => showJobs(client, jobId));
  if (jobs.length === 0) throw new SaldoError("cli.job_missing", { jobs: jobId });
  if (json) return printJson(terminal, jobs);
  const text = jobsText[locale];
  for (const job of jobs) {
    const progress = `${Math.round(job.progressPermille / 10)}%`;
    const lines: [string, string][] = [
      [text.job, job.jobId],
      [text.workspace, job.workspaceId],
      [text.kind, job.kind],
      [text.status, [job.status, progress, job.errorCode ?? ""].join(" ").trimEnd()],
      [text.results, job.results.join(", ")],
      [text.cost, dollars(job.requests.reduce((sum, { costMicros }) => sum + costMicros, 0))],
      ...job.attempts.map(({ attempt, requestedAt, queuedAt }): [string, string] => [`${text.attempt} ${attempt}`, text.attemptAt(requestedAt, queuedAt)]),
      ...job.requests.map(({ purpose, provider, model, outcome, inputTokens, outputTokens, costMicros }): [string, string] => [text.request, `${purpose} ${provider} ${model} ${outcome ?? "…"} ${inputTokens}+${outputTokens} ${dollars(costMicros)}`]),
      ...job.deadLetters.map(({ attempt, code, failedAt, status, fault }): [string, string] => [`${text.attempt} ${attempt}`, [failedAt, code, text.letterStatus(status), placeOf(fault)].join(" ").trimEnd()]),
    ];
    terminal.stdout.write(tableText(lines));
  }
}

/** Asks for given-up jobs again. Throws `SaldoError` `cli.job_missing` when a named one is not given up. */
export async function adminRetryJobs(terminal: Terminal, choice: DeadLetterChoice, options: AdminOptions): Promise<void> {
  const letters = await onServer(terminal, (client) => retryLetters(client, choice));
  tell(terminal, choice, letters, "retried", options);
}

/** Leaves given-up jobs at that. Throws `SaldoError` `cli.job_missing` when a named one is not given up. */
export async function adminDiscardJobs(terminal: Terminal, choice: DeadLetterChoice, options: AdminOptions): Promise<void> {
  const letters = await onServer(terminal, (client) => discardLetters(client, choice));
  tell(terminal, choice, letters, "discarded", options);
}

function tell(terminal: Terminal, { jobIds }: DeadLetterChoice, letters: readonly SettledLetter[], done: "retried" | "discarded", { json, locale }: AdminOptions): void {
  if (json) printJson(terminal, { [done]: letters });
  else terminal.stdout.write(`${jobsText[locale][done](letters.length)}\n`);
  const missing = (jobIds ?? []).filter((id) => letters.every(({ jobId }) => jobId !== id));
  if (missing.length > 0) throw new SaldoError("cli.job_missing", { jobs: missing.join(", ") });
}

/** Connects to the server's database of `DATABASE_URL`. Throws `SaldoError`: `cli.wrong_usage`, `cli.database_unreachable`. */
async function onServer<Result>(terminal: Terminal, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const url = z.url({ protocol: /^postgres(ql)?$/ }).safeParse(terminal.environment["DATABASE_URL"]);
  if (!url.success) throw new SaldoError("cli.wrong_usage", { setting: "DATABASE_URL", form: "postgres://…" });
  const client = new pg.Client({ connectionString: url.data, connectionTimeoutMillis: connectMsMax, statement_timeout: statementMsMax, application_name: "saldo-admin" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    if (error instanceof SaldoError) throw error;
    const system = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
    throw new SaldoError("cli.database_unreachable", { system }, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Millionths of a dollar, as dollars. */
function dollars(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(4)}`;
}

const faultPlace = z.looseObject({ name: z.string(), code: z.string().optional(), at: z.string().optional() });

function placeOf(fault: unknown): string {
  const parsed = faultPlace.safeParse(fault);
  return parsed.success ? [parsed.data.name, parsed.data.code, parsed.data.at].filter((part) => part !== undefined).join(" ") : "";
}
