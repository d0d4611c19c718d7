import { Worker } from "node:worker_threads";
import { SaldoError } from "@saldo/schema";
import { jobOutput, type JobOutput, type JobTask, type RunHooks } from "../jobs/job-work.ts";
import { threadMessage, type TaskMessage, type ThreadOrder, type ThreadSettings } from "./messages.ts";
import { placesOfTask, type Places } from "./places.ts";
import { asError, TaskFault } from "./task-fault.ts";

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

/** What a thread is made of. */
export interface ThreadParts {
  /** The built program of a thread. */
  readonly file: string;
  readonly settings: ThreadSettings;
  readonly limits: TaskLimits;
  /** Room for tasks that compute. */
  readonly places: Places;
}

/** Who hears of a task: {@link RunHooks}, and when it only waits for others from then on. */
export interface TaskHooks extends RunHooks {
  onComputed(): void;
}

/**
 * A thread that keeps its compiled code from task to task. One task at a time computes in it; those that are done with that wait in it for what others
 * answer. A task that ends its thread takes them with it: they are worth another run.
 */
export interface JobThread {
  /** Whether another task may begin in it. */
  readonly isFree: boolean;
  /** Whether no task will begin in it any more, and none is left. */
  readonly isSpent: boolean;
  /** Runs a task to its output, as a runner does. One that exceeds its limits ends the thread, and so does one nobody waits for any more while it computes. */
  run(task: JobTask, hooks: TaskHooks): Promise<JobOutput>;
  /** Idempotent. */
  end(): Promise<void>;
}

/** A task in a thread. */
interface Running {
  computes: boolean;
  readonly hear: (message: TaskMessage) => void;
  readonly fail: (error: Error) => void;
}

/** A thread with what goes on in it. */
interface Opened {
  readonly worker: Worker;
  readonly running: Map<number, Running>;
  /** Resolves when tasks may come. */
  readonly ready: Promise<void>;
  ended: boolean;
}

/** Starts a thread. */
export function startThread(parts: ThreadParts): JobThread {
  const thread = openThread(parts);
  const { worker, running } = thread;
  let begun = 0;
  const end = async () => {
    thread.ended = true;
    await worker.terminate();
  };
  return {
    get isFree() {
      return !thread.ended && begun < tasksMax && !tasksOf(thread).some(({ computes }) => computes);
    },
    get isSpent() {
      return running.size === 0 && (thread.ended || begun >= tasksMax);
    },
    async run(task, hooks) {
      hooks.signal.throwIfAborted();
      const number = begun++;
      let outcome: Outcome | undefined;
      try {
        outcome = await outcomeOf(thread, parts, { number, task, hooks });
        hooks.signal.throwIfAborted();
        return outcomeValue(outcome);
      } finally {
        const computes = running.get(number)?.computes === true;
        running.delete(number);
        if (outcome === undefined && computes) await end();
        else if (outcome === undefined) tell(thread, { type: "forget", number });
      }
    },
    end,
  };
}

function openThread({ file, settings, limits: { heapMbMax } }: ThreadParts): Opened {
  const worker = new Worker(file, { workerData: settings, resourceLimits: { maxOldGenerationSizeMb: heapMbMax, maxYoungGenerationSizeMb: youngMbMax } });
  const running = new Map<number, Running>();
  const ready = new Promise<void>((resolve) => {
    worker.on("message", (said: unknown) => {
      const message = threadMessage.parse(said);
      if (message.type === "ready") resolve();
      else running.get(message.number)?.hear(message);
    });
  });
  const thread: Opened = { worker, running, ready, ended: false };
  /** What ended it is the doing of the task that computed, or of the only one. */
  const fail = (error: Error) => {
    thread.ended = true;
    const tasks = tasksOf(thread);
    const atFault = tasks.find(({ computes }) => computes) ?? (tasks.length === 1 ? tasks[0] : undefined);
    for (const task of tasks) task.fail(task === atFault ? error : new TaskFault({ name: "ThreadEnded" }));
  };
  worker.on("error", (error: unknown) => fail(isMemoryError(error) ? new SaldoError("job.memory_exceeded", { heapMbMax }) : asError(error)));
  worker.on("exit", () => fail(new TaskFault({ name: "ThreadEnded" })));
  return thread;
}

function tasksOf({ running }: Opened): Running[] {
  return [...running.values()];
}

function tell({ worker }: Opened, order: ThreadOrder): void {
  worker.postMessage(order);
}

interface Begun {
  readonly number: number;
  readonly task: JobTask;
  readonly hooks: TaskHooks;
}

/** The last a thread says of a task. Rejects when the thread ended instead, when the time is over, when nobody waits any more and when nobody can be told how far it is. */
function outcomeOf(thread: Opened, { limits: { timeMsMax }, places }: ThreadParts, { number, task, hooks: { signal, onProgress, onComputed } }: Begun): Promise<Outcome> {
  const own = placesOfTask(places, () => tell(thread, { type: "place", number }));
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let telling = Promise.resolve();
  return new Promise<Outcome>((resolve, reject) => {
    const within = (msMax: number, lateness: Error) => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(lateness), msMax);
    };
    const one: Running = {
      computes: true,
      fail: reject,
      hear: (message) => {
        if (message.type === "done" || message.type === "failed") void telling.then(() => resolve(message));
        else if (message.type === "place") own.tell(message.wanted);
        else if (message.type === "progress") telling = telling.then(() => onProgress(message.permille)).catch(reject);
        else {
          one.computes = false;
          onComputed();
        }
      },
    };
    thread.running.set(number, one);
    signal.addEventListener("abort", () => reject(asError(signal.reason)), { signal: over.signal });
    within(startMsMax, new TaskFault({ name: "ThreadStartTimeout" }));
    const send = async () => {
      await thread.ready;
      if (over.signal.aborted) return;
      within(timeMsMax, new SaldoError("job.time_exceeded", { timeMsMax }));
      tell(thread, { type: "task", number, task });
    };
    void send();
  }).finally(() => {
    clearTimeout(timer);
    over.abort();
    own.end();
  });
}

type Outcome = Extract<TaskMessage, { type: "done" | "failed" }>;

function outcomeValue(outcome: Outcome): JobOutput {
  if (outcome.type === "done") return jobOutput.parse(JSON.parse(outcome.output));
  if (outcome.code !== null) throw new SaldoError(outcome.code);
  throw new TaskFault(outcome.fault);
}

function isMemoryError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
