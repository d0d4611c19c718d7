import { DelayedError, Queue, UnrecoverableError, withBackend, type BackendFactory, type IQueueBackend, type Job, type QueueOptions, type WorkerOptions } from "bullmq";
import type { Logger } from "pino";
import { keepWorking, started, type StartPatience } from "./starting.ts";
import { entryId, queueEntry, type EntryState, type JobQueue, type PlacedEntry, type QueueEntry, type RunEntry } from "./job-queue.ts";

/** Name of the one queue. */
export const queueName = "saldo-jobs";

/** Runs of an entry whose work throws, the first included. */
const runsMax = 8;
/** Workers an entry may take down with it before it is given up: among thousands of jobs some lose three by chance when workers are killed for other reasons. */
const lostWorkersMax = 5;
/** Given-up entries kept with their reason, for those who look after the service. */
const deadLettersMax = 10_000;
const deadLetterAgeSecondsMax = 30 * 24 * 3_600;
const eventsMax = 1_000;
/** Questions to the queue in flight at once. */
const askedAtOnceMax = 50;

/** What the queue is given beside its store. */
export interface QueueParts {
  readonly log: Logger;
  /** Numbers in [0, 1), for pauses. */
  readonly random: () => number;
  readonly timings: QueueTimings;
}

/** How soon a lost worker's entries are taken up by another, and how soon work that failed runs again. */
export interface QueueTimings {
  /** How long a start may take until it is taken for failed. */
  readonly startMsMax: number;
  /** How long a worker owns an entry without saying that it still does; it says so at half of this. */
  readonly lockMs: number;
  /** How often workers look for entries whose owner was lost. */
  readonly lostCheckMs: number;
  /** The n-th pause before another run is random between 0 and this times 2^(n-1). */
  readonly retryDelayMs: number;
}

/** Timings of the service: a lost worker's entry runs again within about a minute, one that fails every time is given up within two. */
export const queueTimings: QueueTimings = { startMsMax: 30_000, lockMs: 20_000, lostCheckMs: 15_000, retryDelayMs: 1_000 };

/** A store BullMQ can keep its queue in, and how to reach it for asking and for working. */
export interface QueueStore<Backend extends IQueueBackend, Connection> {
  readonly factory: BackendFactory<Backend, Connection>;
  readonly producer: QueueOptions<Connection>["connection"];
  readonly worker: WorkerOptions<Connection>["connection"];
}

/** The queue on BullMQ, over either of its backends. Throws the driver's error when the store cannot be reached. */
export async function openBullmqQueue<Backend extends IQueueBackend, Connection>(
  store: QueueStore<Backend, Connection>,
  { timings, log, random }: QueueParts,
): Promise<JobQueue> {
  const backend = withBackend(store.factory);
  const onError = (error: Error) => log.warn({ fault: faultName(error) }, "the queue's store failed");
  const patience: StartPatience = { startMsMax: timings.startMsMax, random, onError };
  const makeQueue = () => {
    const made = new backend.Queue<unknown>(queueName, { connection: store.producer, streams: { events: { maxLen: eventsMax } } });
    return made.on("error", onError);
  };
  const queue = await started(makeQueue, patience);
  let worker: Closable | undefined;
  let closing: Promise<void> | undefined;

  const stateOf = async (entry: QueueEntry): Promise<EntryState> => {
    const id = entryId(entry);
    const state = await queue.getJobState(id);
    if (state === "unknown" || state === "completed") return { state: "gone" };
    if (state !== "failed") return { state: "live" };
    const job = await queue.getJob(id);
    return job === undefined ? { state: "gone" } : { state: "dead", reason: job.failedReason ?? "" };
  };

  return {
    async add(entries) {
      if (entries.length > 0) await queue.addBulk(entries.map((placed) => bullmqJob(placed, timings.retryDelayMs)));
    },
    async states(entries) {
      const states: EntryState[] = [];
      for (let start = 0; start < entries.length; start += askedAtOnceMax) {
        states.push(...(await Promise.all(entries.slice(start, start + askedAtOnceMax).map(stateOf))));
      }
      return states;
    },
    async waitingCount() {
      return queue.getJobCountByTypes("wait", "prioritized", "delayed");
    },
    async work(run, concurrency) {
      let suspects = 0;
      const runOne = async (job: Job<unknown, void>, token?: string) => {
        const runIt = () => runJob(job.data, job.attemptsMade + 1 >= runsMax, run);
        if (job.stalledCounter === 0) return runIt();
        if (suspects > 0) return putOff(job, token, timings.lockMs * random());
        suspects++;
        return runIt().finally(() => suspects--);
      };
      const makeWorker = () => {
        const made = new backend.Worker<unknown, void>(queueName, runOne, {
          connection: store.worker,
          concurrency,
          autorun: false,
          lockDuration: timings.lockMs,
          stalledInterval: timings.lostCheckMs,
          maxStalledCount: lostWorkersMax - 1,
        });
        return made.on("error", onError);
      };
      worker = await keepWorking(makeWorker, patience);
    },
    close(drainMsMax) {
      closing ??= closeAll(worker, queue, drainMsMax);
      return closing;
    },
  };
}

/** The queue as BullMQ sees it, for a page that shows it; whoever opens it closes it. Throws the driver's error when the store cannot be reached. */
export async function openShownQueue<Backend extends IQueueBackend, Connection>(
  store: QueueStore<Backend, Connection>,
  { timings, log, random }: QueueParts,
): Promise<Queue> {
  const onError = (error: Error) => log.warn({ fault: faultName(error) }, "the queue's store failed");
  const make = () => new Queue<unknown, unknown, string, unknown, unknown, string, Backend, Connection>(queueName, { connection: store.producer }, store.factory).on("error", onError);
  const queue: unknown = await started(make, { startMsMax: timings.startMsMax, random, onError });
  // What is shown does not depend on where the queue is kept.
  if (!(queue instanceof Queue)) throw new TypeError("not a queue of BullMQ");
  return queue;
}

function bullmqJob({ entry, priority }: PlacedEntry, retryDelayMs: number) {
  return {
    name: entry.kind,
    data: entry,
    opts: {
      jobId: entryId(entry),
      priority,
      attempts: runsMax,
      backoff: { type: "exponential", delay: retryDelayMs, jitter: 1 },
      removeOnComplete: true,
      removeOnFail: { count: deadLettersMax, age: deadLetterAgeSecondsMax },
      stackTraceLimit: 0,
    },
  };
}

/**
 * An entry whose worker was lost may be what took it down. A worker runs one such at a time and puts others off, so that one that kills its workers
 * takes no other with it time after time until that is given up too.
 */
async function putOff(job: Job<unknown, void>, token: string | undefined, pauseMs: number): Promise<never> {
  await job.moveToDelayed((job.processedOn ?? job.timestamp) + Math.ceil(pauseMs), token);
  throw new DelayedError();
}

/** What BullMQ keeps of a failure is a code: texts of errors may carry values. */
async function runJob(data: unknown, lastRun: boolean, run: RunEntry): Promise<void> {
  const entry = queueEntry.safeParse(data);
  if (!entry.success) throw new UnrecoverableError("job.internal");
  const outcome = await run(entry.data, lastRun).catch(() => ({ outcome: "again" }) as const);
  switch (outcome.outcome) {
    case "settled":
      return;
    case "dead":
      throw new UnrecoverableError(outcome.code);
    case "again":
      throw new Error("job.internal");
  }
}

interface Closable {
  close(force?: boolean): Promise<void>;
}

async function closeAll(worker: Closable | undefined, queue: Closable, drainMsMax: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, drainMsMax)));
  const drained = (worker?.close() ?? Promise.resolve()).then(() => queue.close());
  // A store that is away must not keep the process.
  await Promise.race([drained.catch(() => undefined), patience]);
  clearTimeout(timer);
}

/** What may be logged of an error from the store: its name and code, never its text. */
function faultName(error: Error): string {
  return "code" in error && typeof error.code === "string" ? `${error.name} ${error.code}` : error.name;
}
