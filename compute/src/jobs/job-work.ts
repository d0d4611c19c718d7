import type { LocalDatabase } from "@saldo/client-core/store";
import { finding, recommendationsReport, tables, type Finding, type JobKind, type JsonValue, type RecommendationsReport, type Row } from "@saldo/schema";
import { z } from "zod";
import type { ModelDesk } from "../ai/desk.ts";

/** One run of a job, as its row says: plain data, so that it may go to a thread. */
export interface JobTask {
  readonly kind: JobKind;
  readonly workspaceId: string;
  readonly jobId: string;
  /** Parsed by the kind's schema; {@link JobHandler}s parse them once more into its type. */
  readonly parameters: JsonValue;
  /** When the run began. */
  readonly nowMs: number;
}

/** What the work of one kind is given. */
export interface JobWork extends JobTask {
  /** The workspace's rows, read with the device's code. */
  readonly database: LocalDatabase;
  /** Where questions to models go; null without any key. */
  readonly desk: ModelDesk | null;
  /** The time now. */
  readonly clockMs: () => number;
  /** Tells devices how far the work is; call it between steps. Throws to stop work that nobody waits for any more. */
  progress(permille: number): Promise<void>;
  /** Does what keeps a core busy, once there is room for it; what waits for others stays outside. One within another would wait for itself. */
  inPlace<Result>(compute: () => Promise<Result>): Promise<Result>;
  /** Says that from now on it only waits for others: the next task may begin beside it. Hold on to nothing large then. */
  computed(): void;
  /** Aborted when nobody waits any more for a task that has {@link JobWork.computed}. */
  readonly signal: AbortSignal;
}

/** A computed result on its way into `report_result`. */
export interface JobResult {
  readonly kind: Row<"report_result">["kind"];
  readonly version: number;
  readonly result: JsonValue;
}

/** Everything a job leaves behind: plain data, written with the job's end in one transaction. */
export interface JobOutput {
  /** The report the results are of, under the job's id; null makes none. */
  readonly report: { readonly title: string; readonly parameters: JsonValue } | null;
  /** At most one of each kind. */
  readonly results: readonly JobResult[];
  /** Findings now; they take the place of open ones. Null leaves all as they are. */
  readonly findings: readonly Finding[] | null;
  /** Recommendations now; they take the place of those nobody has decided on. Null leaves all as they are. */
  readonly advice: RecommendationsReport | null;
}

const json: z.ZodType<JsonValue> = z.json();

/** See {@link JobOutput}; checked before anything of it becomes a row. */
export const jobOutput = z.strictObject({
  report: z.strictObject({ title: z.string(), parameters: json }).nullable(),
  results: z.array(z.strictObject({ kind: z.enum(tables.report_result.columns.kind.values), version: z.int(), result: json })),
  findings: z.array(finding).nullable(),
  advice: recommendationsReport.nullable(),
}) satisfies z.ZodType<JobOutput>;

/** The work of one kind: rows in, an output out. It writes nothing itself, so it may run any number of times. */
export type JobHandler = (work: JobWork) => Promise<JobOutput>;

/** The work of every kind. */
export type JobHandlers = Readonly<Record<JobKind, JobHandler>>;

/** What whoever runs a task hears of it and may do to it. */
export interface RunHooks {
  /** Called with how far the work is. */
  onProgress(permille: number): Promise<void>;
  /** Aborted when nobody waits for the work any more: it rejects with the signal's reason, at once or at its next step. */
  readonly signal: AbortSignal;
}

/** Runs tasks, at once as many as it is asked to. */
export interface JobRunner {
  /** The task's output. Throws the handler's error; one that is not a `SaldoError` may come as another error without its text. */
  run(task: JobTask, hooks: RunHooks): Promise<JobOutput>;
  /** Ends what is left. Idempotent. */
  close(): Promise<void>;
}

/** A runner in the caller's own thread, which asks no model. */
export function runHere(handlers: JobHandlers, database: LocalDatabase): JobRunner {
  return {
    run: (task, { onProgress, signal }) =>
      handlers[task.kind]({
        ...task,
        database,
        desk: null,
        clockMs: () => task.nowMs,
        inPlace: (compute) => compute(),
        computed: () => undefined,
        signal,
        progress: async (permille) => {
          await onProgress(permille);
          signal.throwIfAborted();
        },
      }),
    close: () => Promise.resolve(),
  };
}
