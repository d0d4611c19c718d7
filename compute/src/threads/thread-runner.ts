import { Worker } from "node:worker_threads";
import { SaldoError } from "@saldo/schema";
import type { FaultDescription } from "../database.pg.ts";
import { jobOutput, type JobOutput, type JobRunner, type JobTask, type RunHooks } from "../jobs/job-work.ts";
import { threadMessage, type ThreadSettings } from "./messages.ts";

/** Tasks a thread runs before another takes its place: what a library keeps for ever is not kept for long. */
const tasksMax = 200;

/** What one task may use. */
export interface TaskLimits {
  /** From being sent to its output. */
  readonly timeMsMax: number;
  readonly heapMbMax: number;
}

/** What threads are made of. */
export interface ThreadParts {
  /** The built program of a thread. */
  readonly file: string;
  readonly settings: ThreadSettings;
  readonly limits: TaskLimits;
  /** Threads kept waiting for the next task. */
  readonly idleMax: number;
}

/** An error of a task without a code of ours, as far as it may be told. */
class TaskFault extends Error {
  constructor({ name, code, at }: FaultDescription) {
    super("the task failed");
    this.name = name;
    if (code !== undefined) Object.assign(this, { code });
    this.stack = `${name}\n    ${at ?? "at an unknown place"}`;
  }
}

interface IdleThread {
  readonly worker: Worker;
  readonly tasksDone: number;
}

/**
 * Runs each task in a thread of its own, so that computing holds up neither the renewal of locks nor other jobs. A task that exceeds its time or
 * memory takes its thread with it and fails for good (`job.time_exceeded`, `job.memory_exceeded`); the process lives on.
 */
export function createThreadRunner({ file, settings, limits, idleMax }: ThreadParts): JobRunner {
  const idle: IdleThread[] = [];
  const busy = new Set<Worker>();
  let closed = false;

  const make = (): IdleThread => {
    const worker = new Worker(file, { workerData: settings, resourceLimits: { maxOldGenerationSizeMb: limits.heapMbMax } });
    // A thread that ends while idle is replaced when one is needed.
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      const index = idle.findIndex((thread) => thread.worker === worker);
      if (index >= 0) idle.splice(index, 1);
    });
    return { worker, tasksDone: 0 };
  };
  return {
    async run(task, hooks) {
      hooks.signal.throwIfAborted();
      const { worker, tasksDone } = idle.pop() ?? make();
      busy.add(worker);
      let keep = false;
      try {
        const outcome = await outcomeOf(worker, task, hooks, limits);
        keep = !closed && idle.length < idleMax && tasksDone + 1 < tasksMax;
        return outcomeValue(outcome);
      } finally {
        busy.delete(worker);
        if (keep) idle.push({ worker, tasksDone: tasksDone + 1 });
        else await worker.terminate();
      }
    },
    async close() {
      closed = true;
      await Promise.all([...idle.splice(0).map((thread) => thread.worker), ...busy].map((worker) => worker.terminate()));
    },
  };
}

type Outcome = Exclude<ReturnType<typeof threadMessage.parse>, { type: "progress" }>;

function outcomeValue(outcome: Outcome): JobOutput {
  if (outcome.type === "done") return jobOutput.parse(JSON.parse(outcome.output));
  if (outcome.code !== null) throw new SaldoError(outcome.code);
  throw new TaskFault(outcome.fault);
}

/** What a thread says of a task in the end. Rejects when the thread ended instead, when the time is over and when nobody waits any more. */
async function outcomeOf(worker: Worker, task: JobTask, { onProgress, signal }: RunHooks, limits: TaskLimits): Promise<Outcome> {
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      let telling = Promise.resolve();
      timer = setTimeout(() => reject(new SaldoError("job.time_exceeded", { timeMsMax: limits.timeMsMax })), limits.timeMsMax);
      signal.addEventListener("abort", () => reject(asError(signal.reason)), { signal: ended.signal });
      const onMessage = (said: unknown) => {
        const message = threadMessage.parse(said);
        if (message.type === "progress") telling = telling.then(() => onProgress(message.permille)).catch(reject);
        else telling = telling.then(() => resolve(message));
      };
      const onError = (error: unknown) => reject(isMemoryError(error) ? new SaldoError("job.memory_exceeded", { heapMbMax: limits.heapMbMax }) : asError(error));
      const onExit = () => reject(new TaskFault({ name: "ThreadEnded" }));
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      ended.signal.addEventListener("abort", () => worker.off("message", onMessage).off("error", onError).off("exit", onExit));
      worker.postMessage(task);
    });
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

function isMemoryError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new TaskFault({ name: typeof error });
}
