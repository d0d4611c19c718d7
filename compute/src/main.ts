import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { SaldoError } from "@saldo/schema";
import { pino, type Logger } from "pino";
import { openBoard, type Board } from "./board/board.ts";
import { maskedConfig, readConfig, type WorkerConfig } from "./config.ts";
import { describeFault, openPool, untilReady } from "./database.pg.ts";
import { queueTimings } from "./queue/bullmq-queue.ts";
import { placesOfMachine } from "./supervisor/machine-places.ts";
import { scaling, supervise } from "./supervisor/supervise.ts";
import { createPlaces, type Places } from "./threads/places.ts";
import { createThreadRunner } from "./threads/thread-runner.ts";
import { startWorker, workerTimings } from "./worker.ts";

/** Largest output of one job, in characters of its JSON. */
const outputLengthMax = 8_000_000;
/** Given beyond the time work under way may take: connections are closed then. */
const stopExtraMs = 1_500;

/** A task computes for a few seconds at a time; one that takes longer shares its core with the next. */
const placeHeldMsMax = 10_000;

/**
 * Analyses that are begun at once, for each core: while one computes, another comes to its questions. More would only hold more rows in memory, and in threads that
 * have not compiled anything yet.
 */
const threadsPerCore = 2;

/** A part of the program that runs until it is stopped. */
interface Part {
  stop(): Promise<void>;
}

/** How a supervisor starts its workers: one that is told so shares the machine and leaves the queue's page to it. */
const supervisedFlag = "--supervised";
const isSupervised = process.argv.includes(supervisedFlag);

/** Without an argument, a supervisor and its worker processes; with `--single`, one worker in this process. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const single = isSupervised || process.argv.includes("--single") || config.processes.max === 1;
  const log = pino({ level: config.logLevel, base: { program: single ? "worker" : "worker-supervisor", pid: process.pid } });
  log.info(maskedConfig(config), "settings");
  const stopping = askedToStop();
  const pool = openPool(config.databaseUrl, (error) => log.warn({ fault: describeFault(error) }, "an idle database connection was lost"));
  let part: Part | undefined;
  let board: Board | undefined;
  try {
    await untilReady(pool, { log, random: Math.random, signal: stopping });
    const parts = { config, pool, log };
    part = single ? await startSingle(parts) : startSupervisor(parts);
    if (config.boardPort !== null && !isSupervised) board = await boardUnlessTaken(parts, config.boardPort);
    log.info("ready");
    await aborted(stopping);
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
  log.info("stopping");
  setTimeout(() => process.exit(0), config.drainMsMax + stopExtraMs * (single ? 1 : 2)).unref();
  await Promise.all([part?.stop(), board?.close()]);
  await pool.end();
  log.info("stopped");
}

interface MainParts {
  readonly config: WorkerConfig;
  readonly pool: ReturnType<typeof openPool>;
  readonly log: Logger;
}

async function startSingle({ config, pool, log }: MainParts): Promise<Part> {
  const runner = createThreadRunner({
    file: besideUs("job-thread.mjs"),
    settings: { databaseUrl: config.databaseUrl, outputLengthMax, ai: config.ai, logLevel: config.logLevel },
    limits: { timeMsMax: config.jobTimeMsMax, heapMbMax: config.jobHeapMbMax },
    places: isSupervised ? placesOfMachine(process) : placesHere(),
    threadsMax: Math.min(config.concurrency, Math.ceil((threadsPerCore * availableParallelism()) / (isSupervised ? config.processes.max : 1))),
  });
  const worker = await startWorker({ ...config, pool, runner, timings: workerTimings, nowMs: Date.now, random: Math.random, log });
  return {
    stop: async () => {
      await worker.stop();
      await runner.close();
    },
  };
}

/** As many tasks compute at once as the machine has cores. */
function placesHere(): Places {
  return createPlaces({ count: availableParallelism(), heldMsMax: placeHeldMsMax });
}

function startSupervisor({ config, pool, log }: MainParts): Part {
  return supervise({
    pool,
    rules: { ...config.processes, ...scaling },
    file: fileURLToPath(import.meta.url),
    argv: [supervisedFlag],
    env: process.env,
    places: placesHere(),
    stopMsMax: config.drainMsMax + stopExtraMs,
    nowMs: Date.now,
    random: Math.random,
    log,
  });
}

/** The page is a convenience: work goes on without it. */
async function boardUnlessTaken({ config, log }: MainParts, port: number): Promise<Board | undefined> {
  try {
    const board = await openBoard({ ...config, timings: queueTimings, random: Math.random, log }, port);
    log.info({ url: `http://127.0.0.1:${board.port}` }, "the queue can be looked at");
    return board;
  } catch (error) {
    log.warn({ fault: describeFault(error) }, "the page of the queue cannot be shown");
    return undefined;
  }
}

/** A built program in the folder of this one. */
function besideUs(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Aborted by SIGTERM and Ctrl-C, and when the supervisor is gone. */
function askedToStop(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => controller.abort());
  process.once("disconnect", () => controller.abort());
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
