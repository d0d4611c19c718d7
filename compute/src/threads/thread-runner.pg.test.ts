import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { JobRunner, JobTask } from "../jobs/job-work.ts";
import { addBooks, addWorkspace, createServerDatabase, testNowMs, type ServerDatabase } from "../testing/books.ts";
import { buildPrograms, type BuiltPrograms } from "../testing/program.ts";
import { createPlaces } from "./places.ts";
import { createThreadRunner } from "./thread-runner.ts";

const hooks = () => ({ onProgress: () => Promise.resolve(), signal: new AbortController().signal });
/** Hooks of a task that tells when it has begun, and can be said not to be wanted any more. */
function watched() {
  let tell = (): void => undefined;
  const begun = new Promise<void>((resolve) => (tell = resolve));
  const wanted = new AbortController();
  const onProgress = (): Promise<void> => Promise.resolve(tell());
  return { begun, forget: () => wanted.abort(new RangeError("not wanted")), hooks: { onProgress, signal: wanted.signal } };
}
let programs: BuiltPrograms<"thread">;
let server: ServerDatabase;
let runners: JobRunner[];
beforeAll(async () => {
  programs = await buildPrograms({ thread: "src/testing/poison-thread.main.ts" }, "threads");
  server = await createServerDatabase();
  await addWorkspace(server.pool, "w1");
  await addBooks(server.pool, "w1");
});
afterAll(async () => {
  programs.remove();
  await server.drop();
});
beforeEach(() => (runners = []));
afterEach(async () => {
  for (const runner of runners) await runner.close();
});

const task = (horizonMonths: number): JobTask => ({ kind: "generate_forecast", workspaceId: "w1", jobId: "j1", parameters: { horizonMonths }, nowMs: testNowMs });

const places = createPlaces({ count: 1, heldMsMax: 3_600_000 });
function open(limits: { readonly timeMsMax?: number; readonly heapMbMax?: number } = {}): JobRunner {
  const runner = createThreadRunner({
    file: programs.file("thread"),
    settings: { databaseUrl: server.url, outputLengthMax: 1_000_000, ai: { providers: {}, budgetMicros: 0, requestMsMax: 1_000 }, logLevel: "silent" },
    limits: { timeMsMax: 60_000, heapMbMax: 256, ...limits },
    places,
    threadsMax: 1,
  });
  runners.push(runner);
  return runner;
}

it("runs one task after another and tells how far they are", async () => {
  const runner = open();
  const told: number[] = [];
  const onProgress = (permille: number) => {
    told.push(permille);
    return Promise.resolve();
  };
  const outputs = [await runner.run(task(12), { ...hooks(), onProgress }), await runner.run(task(12), hooks())];
  expect(outputs[0]).toEqual(outputs[1]);
  expect(outputs[0]?.results).toMatchObject([{ kind: "forecast", result: { outcome: "ok", horizonMonths: 12 } }]);
  expect(told.at(0)).toBe(100);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

it("tells of an error without its text", async () => {
  const failure = await open().run(task(1), hooks()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "Error", message: "the task failed" });
  expect(failure).not.toMatchObject({ stack: expect.stringContaining("Ivanov") });
});

it.each([
  ["a task over its time", 2, { timeMsMax: 1_000 }, "job.time_exceeded"],
  ["a task over its memory", 3, { heapMbMax: 64 }, "job.memory_exceeded"],
  ["a task with an output too large to keep", 7, {}, "job.result_too_large"],
])("ends %s for good, and runs the next", async (_what, horizonMonths, limits, code) => {
  const runner = open({ timeMsMax: 60_000, ...limits });
  await expect(runner.run(task(horizonMonths), hooks())).rejects.toMatchObject({ code, retryable: false });
  const slow = open();
  expect((await slow.run(task(12), hooks())).results).toHaveLength(1);
});

it("asks for another run of a task whose thread ended, and runs the next", async () => {
  const runner = open();
  await expect(runner.run(task(5), hooks())).rejects.toMatchObject({ name: "ThreadEnded" });
  expect((await runner.run(task(12), hooks())).results).toHaveLength(1);
});

it("ends a task nobody waits for, also one that never asks", async () => {
  const runner = open();
  const looping = watched();
  const running = expect(runner.run(task(2), looping.hooks)).rejects.toThrow("not wanted");
  await looping.begun;
  looping.forget();
  await running;
  expect((await runner.run(task(12), hooks())).results).toHaveLength(1);
});

it("begins the next task beside one that only waits, and goes on when that is not wanted any more", async () => {
  const runner = open();
  const wanted = new AbortController();
  const waiting = expect(runner.run(task(8), { ...hooks(), signal: wanted.signal })).rejects.toThrow("not wanted");
  const first = await runner.run(task(12), hooks());
  wanted.abort(new RangeError("not wanted"));
  await waiting;
  expect(await runner.run(task(12), hooks())).toEqual(first);
});

it("asks for another run of a task that waited beside one that took all memory", async () => {
  const runner = open({ heapMbMax: 64 });
  const waiting = expect(runner.run(task(8), hooks())).rejects.toMatchObject({ name: "ThreadEnded" });
  await expect(runner.run(task(3), hooks())).rejects.toMatchObject({ code: "job.memory_exceeded" });
  await waiting;
});

it("begins no task nobody waits for any more", async () => {
  const runner = open();
  const [looping, queued] = [watched(), watched()];
  const first = expect(runner.run(task(2), looping.hooks)).rejects.toThrow("not wanted");
  await looping.begun;
  const second = expect(runner.run(task(12), queued.hooks)).rejects.toThrow("not wanted");
  queued.forget();
  await second;
  looping.forget();
  await first;
  expect((await runner.run(task(12), hooks())).results).toHaveLength(1);
});

it("lets one task compute while the other waits, also when one ends before its turn", async () => {
  const giveBack = await places.take();
  const [first, second] = [open(), open()];
  const unwanted = new AbortController();
  const given = expect(first.run(task(12), { ...hooks(), signal: unwanted.signal })).rejects.toThrow("not wanted");
  const waiting = second.run(task(12), hooks());
  unwanted.abort(new RangeError("not wanted"));
  await given;
  giveBack();
  expect((await waiting).results).toHaveLength(1);
  (await places.take())();
});

it("ends what is under way when it closes", async () => {
  const runner = open();
  const looping = watched();
  const ended = expect(runner.run(task(2), looping.hooks)).rejects.toMatchObject({ name: "ThreadEnded" });
  await looping.begun;
  await runner.close();
  await ended;
});
