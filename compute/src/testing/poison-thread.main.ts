import { z } from "zod";
import { jobHandlers } from "../jobs/handlers.ts";
import type { JobHandler, JobHandlers } from "../jobs/job-work.ts";
import { serveTasks } from "../threads/serve-tasks.ts";

/*
 * A thread whose forecasts of certain horizons are poison, and all others good:
 *   1  throws        2  tells progress and loops for ever          3  takes all memory
 *   4  kills the process      5  ends its thread      7  returns 100 MB
 *   8  computes nothing, and waits for as long as it is wanted
 */

const parameters = z.object({ horizonMonths: z.int() });
const outputLength = 100_000_000;

const poisons: Readonly<Record<number, JobHandler>> = {
  1: () => Promise.reject(new Error("Ivanov 40817810099910004312")),
  2: async ({ progress }) => {
    await progress(1);
    for (;;);
  },
  3: () => {
    const kept: number[][] = [];
    for (;;) kept.push(new Array<number>(200_000).fill(0.5));
  },
  4: () => {
    process.kill(process.pid, "SIGKILL");
    return new Promise(() => undefined);
  },
  5: () => process.exit(3),
  8: ({ computed, signal }) => {
    computed();
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("not wanted"))));
  },
  7: () => Promise.resolve({ report: null, results: [{ kind: "forecast", version: 1, result: "x".repeat(outputLength) }], findings: null, advice: null }),
};

const handlers: JobHandlers = {
  ...jobHandlers,
  generate_forecast: (work) => (poisons[parameters.parse(work.parameters).horizonMonths] ?? jobHandlers.generate_forecast)(work),
};

serveTasks(handlers, { nowMs: Date.now, random: Math.random });
