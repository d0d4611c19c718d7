import { SaldoError } from "@saldo/schema";
import { pino } from "pino";
import { maskedConfig, readConfig } from "./config.ts";
import { describeFault, openPool, untilReady } from "./database.pg.ts";
import { queueTimings } from "./queue/bullmq-queue.ts";
import { jobHandlers, startWorker, type RunningWorker } from "./worker.ts";

/** Longest stop: above what work under way may take, below the patience of whoever stops us. */
const stopMsMax = 7_500;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ level: config.logLevel, base: { program: "worker" } });
  log.info(maskedConfig(config), "settings");
  const stopping = askedToStop();
  const pool = openPool(config.databaseUrl, (error) => log.warn({ fault: describeFault(error) }, "an idle database connection was lost"));
  const random = Math.random;
  let worker: RunningWorker | undefined;
  try {
    await untilReady(pool, { log, random, signal: stopping });
    worker = await startWorker({ ...config, pool, handlers: jobHandlers, timings: queueTimings, nowMs: Date.now, random, log });
    log.info("ready");
    await aborted(stopping);
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
  log.info("stopping");
  setTimeout(() => process.exit(0), stopMsMax).unref();
  await worker?.stop();
  await pool.end();
  log.info("stopped");
}

/** Aborted by SIGTERM and Ctrl-C. */
function askedToStop(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const told = error instanceof SaldoError ? `${error.message} ${JSON.stringify(error.detail)}` : JSON.stringify(describeFault(error));
    process.stderr.write(`The worker cannot go on: ${told}\n`);
    process.exit(1);
  },
);
