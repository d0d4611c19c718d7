import { Worker } from "node:worker_threads";
import { SaldoError } from "@saldo/schema";
import type { FaultDescription } from "../database.pg.ts";
import { jobOutput, type JobOutput, type JobRunner, type RunHooks } from "../jobs/job-work.ts";
import { threadMessage, type ThreadMessage, type ThreadOrder, type ThreadSettings } from "./messages.ts";
import { placesOfTask, type Places, type TaskPlaces } from "./places.ts";

/** Tasks a thread runs before another takes its place: what a library keeps for ever is not kept for long. */
const tasksMax = 200;
/** How long a thread may take to start, whatever else the machine does. */
const startMsMax = 60_000;

/** Room for what dies young: an analysis makes much of it at once, and a quarter of its time went into copying what lived through a smaller one. */
const youngMbMax = 192;

/** What one task may use. */
export interface TaskLimits {
  /** From being sent to its output; the start of its thread does not count. */
  readonly timeMsMax: number;
  readonly heapMbMax: number;
}

/** What threads are made of. */
export interface ThreadParts {
  /** The built program of a thread. */
  readonly file: string;
  readonly settings: ThreadSettings;
  readonly limits: TaskLimits;
  /** Room for tasks that compute. */
  readonly places: Places;
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

interface Thread {
  readonly worker: Worker;
  readonly tasksDone: number;
}

/**
 * Runs each task in a thread of its own, so that computing holds up neither the renewal of locks nor other jobs. A task that exceeds its time or
 * memory takes its thread with it and fails for good (`job.time_exceeded`, `job.memory_exceeded`); the process lives on.
 */
export function createThreadRunner({ file, settings, limits, places, idleMax }: ThreadParts): JobRunner {
  const idle: Thread[] = [];
  const busy = new Set<Worker>();
  let closed = false;

  const make = (): Thread => {
    const worker = new Worker(file, { workerData: settings, resourceLimits: { maxOldGenerationSizeMb: limits.heapMbMax, maxYoungGenerationSizeMb: youngMbMax } });
    // A thread that ends while idle is replaced when one is needed.
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      const index = idle.findIndex((thread) => thread.worker === worker);
      if (index >= 0) idle.splice(index, 1);
    });
    return { worker, tasksDone: 0 };
  };
  return {
    async run(task, { signal, onProgress }) {
      signal.throwIfAborted();
      const found = idle.pop();
      const { worker, tasksDone } = found ?? make();
      busy.add(worker);
      const order = (given: ThreadOrder) => worker.postMessage(given);
      const own = placesOfTask(places, () => order({ type: "place" }));
      let keep = false;
      try {
        if (found === undefined) await heard(worker, { signal, lateness: new TaskFault({ name: "ThreadStartTimeout" }), msMax: startMsMax, limits }, (message) => message.type === "ready" || undefined);
        order({ type: "task", task });
        const outcome = await outcomeOf(worker, { signal, onProgress }, limits, own);
        keep = !closed && idle.length < idleMax && tasksDone + 1 < tasksMax;
        return outcomeValue(outcome);
      } finally {
        own.end();
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

type Outcome = Extract<ThreadMessage, { type: "done" | "failed" }>;

function outcomeValue(outcome: Outcome): JobOutput {
  if (outcome.type === "done") return jobOutput.parse(JSON.parse(outcome.output));
  if (outcome.code !== null) throw new SaldoError(outcome.code);
  throw new TaskFault(outcome.fault);
}

/** What a thread says of a task in the end; its progress is passed on before, and it gets places to compute. */
async function outcomeOf(worker: Worker, { signal, onProgress }: RunHooks, limits: TaskLimits, own: TaskPlaces): Promise<Outcome> {
  let telling = Promise.resolve();
  let untold: { readonly error: unknown } | undefined;
  const lateness = new SaldoError("job.time_exceeded", { timeMsMax: limits.timeMsMax });
  const outcome = await heard(worker, { signal, lateness, msMax: limits.timeMsMax, limits }, (message) => {
    if (message.type === "done" || message.type === "failed") return message;
    if (message.type === "place") own.tell(message.wanted);
    if (message.type === "progress") telling = telling.then(() => onProgress(message.permille)).catch((error: unknown) => void (untold ??= { error }));
    return undefined;
  });
  await telling;
  if (untold !== undefined) throw asError(untold.error);
  signal.throwIfAborted();
  return outcome;
}

interface Hearing {
  readonly signal: AbortSignal;
  /** What it rejects with when the time is over. */
  readonly lateness: Error;
  readonly msMax: number;
  readonly limits: TaskLimits;
}

/** The first thing a thread says that `pick` takes. Rejects when the thread ended instead, when the time is over and when nobody waits any more. */
async function heard<Picked>(worker: Worker, { signal, lateness, msMax, limits }: Hearing, pick: (message: ThreadMessage) => Picked | undefined): Promise<Picked> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Picked>((resolve, reject) => {
      timer = setTimeout(() => reject(lateness), msMax);
      signal.addEventListener("abort", () => reject(asError(signal.reason)), { signal: over.signal });
      const onMessage = (said: unknown) => {
        const picked = pick(threadMessage.parse(said));
        if (picked !== undefined) resolve(picked);
      };
      const onError = (error: unknown) => reject(isMemoryError(error) ? new SaldoError("job.memory_exceeded", { heapMbMax: limits.heapMbMax }) : asError(error));
      const onExit = () => reject(new TaskFault({ name: "ThreadEnded" }));
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      over.signal.addEventListener("abort", () => worker.off("message", onMessage).off("error", onError).off("exit", onExit));
    });
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

function isMemoryError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new TaskFault({ name: typeof error });
}
