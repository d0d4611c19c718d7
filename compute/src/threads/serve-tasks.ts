import { parentPort, threadId, workerData } from "node:worker_threads";
import { openPostgres } from "@saldo/client-core/store/postgres";
import { SaldoError } from "@saldo/schema";
import { pino } from "pino";
import { openDesk } from "../ai/open-desk.ts";
import { describeFault, openPool } from "../database.pg.ts";
import type { JobHandlers, JobTask, JobWork } from "../jobs/job-work.ts";
import { isLongerThan } from "./json-length.ts";
import { threadSettings, type ThreadMessage, type ThreadOrder } from "./messages.ts";

/** Connections of one thread: a job reads in few places at once, and keeps what models answer meanwhile. */
const connectionsMax = 3;

/** A task at work. */
interface Served {
  /** Places it waits for, the first first. */
  readonly granted: (() => void)[];
  readonly unwanted: AbortController;
}

/** The program of a thread: runs the tasks it is sent, with a pool of its own, until it is ended from outside. The next one comes once one is done or only waits. */
export function serveTasks(handlers: JobHandlers, { nowMs, random }: { readonly nowMs: () => number; readonly random: () => number }): void {
  if (parentPort === null) throw new Error("this program runs in a thread");
  const port = parentPort;
  const { databaseUrl, outputLengthMax, ai, logLevel } = threadSettings.parse(workerData);
  const log = pino({ level: logLevel, base: { program: "job-thread", pid: process.pid, thread: threadId } });
  const pool = openPool(databaseUrl, () => undefined, connectionsMax);
  const database = openPostgres(pool);
  const desk = openDesk(ai, { pool, nowMs, random, log });
  const say = (message: ThreadMessage) => port.postMessage(message);
  const served = new Map<number, Served>();
  const placeFor =
    (number: number, granted: Served["granted"]): JobWork["inPlace"] =>
    async (compute) => {
      say({ type: "place", number, wanted: true });
      await new Promise<void>((resolve) => granted.push(resolve));
      try {
        return await compute();
      } finally {
        say({ type: "place", number, wanted: false });
      }
    };
  const run = async (number: number, task: JobTask, { granted, unwanted }: Served) => {
    const progress = (permille: number) => {
      say({ type: "progress", number, permille });
      return Promise.resolve();
    };
    const computed = () => say({ type: "computed", number });
    const output = await handlers[task.kind]({ ...task, database, desk, clockMs: nowMs, progress, inPlace: placeFor(number, granted), computed, signal: unwanted.signal });
    if (isLongerThan(output, outputLengthMax)) throw new SaldoError("job.result_too_large", { outputLengthMax });
    say({ type: "done", number, output: JSON.stringify(output) });
  };
  const begin = (number: number, task: JobTask) => {
    const own: Served = { granted: [], unwanted: new AbortController() };
    served.set(number, own);
    run(number, task, own)
      .catch((error: unknown) => say({ type: "failed", number, code: error instanceof SaldoError ? error.code : null, fault: describeFault(error) }))
      .finally(() => served.delete(number));
  };
  say({ type: "ready" });
  // Whoever owns the thread sends orders of the one type there is.
  port.on("message", (order: ThreadOrder) => {
    if (order.type === "task") begin(order.number, order.task);
    else if (order.type === "place") served.get(order.number)?.granted.shift()?.();
    else served.get(order.number)?.unwanted.abort();
  });
}
