import { parentPort, workerData } from "node:worker_threads";
import { openPostgres } from "@saldo/client-core/store/postgres";
import { SaldoError } from "@saldo/schema";
import { describeFault, openPool } from "../database.pg.ts";
import type { JobHandlers, JobTask } from "../jobs/job-work.ts";
import { threadSettings, type ThreadMessage } from "./messages.ts";

/** Connections of one thread: a job reads in few places at once. */
const connectionsMax = 2;

/** The program of a thread: runs the tasks it is sent, one after another, with a pool of its own, until it is ended from outside. */
export function serveTasks(handlers: JobHandlers): void {
  if (parentPort === null) throw new Error("this program runs in a thread");
  const port = parentPort;
  const { databaseUrl, outputLengthMax } = threadSettings.parse(workerData);
  const database = openPostgres(openPool(databaseUrl, () => undefined, connectionsMax));
  const say = (message: ThreadMessage) => port.postMessage(message);
  const run = async (task: JobTask) => {
    const progress = (permille: number) => {
      say({ type: "progress", permille });
      return Promise.resolve();
    };
    const output = JSON.stringify(await handlers[task.kind]({ ...task, database, progress }));
    if (output.length > outputLengthMax) throw new SaldoError("job.result_too_large", { length: output.length, outputLengthMax });
    say({ type: "done", output });
  };
  // Whoever owns the thread sends tasks of the one type there is.
  port.on("message", (task: JobTask) => {
    run(task).catch((error: unknown) => {
      say({ type: "failed", code: error instanceof SaldoError ? error.code : null, fault: describeFault(error) });
    });
  });
}
