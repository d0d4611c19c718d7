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

/** The program of a thread: runs the tasks it is sent, one after another, with a pool of its own, until it is ended from outside. */
export function serveTasks(handlers: JobHandlers, { nowMs, random }: { readonly nowMs: () => number; readonly random: () => number }): void {
  if (parentPort === null) throw new Error("this program runs in a thread");
  const port = parentPort;
  const { databaseUrl, outputLengthMax, ai, logLevel } = threadSettings.parse(workerData);
  const log = pino({ level: logLevel, base: { program: "job-thread", pid: process.pid, thread: threadId } });
  const pool = openPool(databaseUrl, () => undefined, connectionsMax);
  const database = openPostgres(pool);
  const desk = openDesk(ai, { pool, nowMs, random, log });
  const say = (message: ThreadMessage) => port.postMessage(message);
  const granted: (() => void)[] = [];
  const inPlace: JobWork["inPlace"] = async (compute) => {
    say({ type: "place", wanted: true });
    await new Promise<void>((resolve) => granted.push(resolve));
    try {
      return await compute();
    } finally {
      say({ type: "place", wanted: false });
    }
  };
  const run = async (task: JobTask) => {
    const progress = (permille: number) => {
      say({ type: "progress", permille });
      return Promise.resolve();
    };
    const output = await handlers[task.kind]({ ...task, database, desk, clockMs: nowMs, progress, inPlace });
    if (isLongerThan(output, outputLengthMax)) throw new SaldoError("job.result_too_large", { outputLengthMax });
    say({ type: "done", output: JSON.stringify(output) });
  };
  say({ type: "ready" });
  // Whoever owns the thread sends orders of the one type there is.
  port.on("message", (order: ThreadOrder) => {
    if (order.type === "place") return granted.shift()?.();
    run(order.task).catch((error: unknown) => {
      say({ type: "failed", code: error instanceof SaldoError ? error.code : null, fault: describeFault(error) });
    });
  });
}
