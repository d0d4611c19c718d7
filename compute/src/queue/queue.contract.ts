import { pino } from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JobQueue, PlacedEntry, RunEntry } from "./job-queue.ts";
import { openQueue } from "./open-queue.ts";

/** An empty place for a queue. */
export interface EmptyPlace {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  dispose(): Promise<void>;
}

const waitMs = { timeout: 60_000, interval: 20 };
const settled: RunEntry = () => Promise.resolve({ outcome: "settled" });

/** What every store of the queue must do. */
export function queueContract(emptyPlace: () => Promise<EmptyPlace>): void {
  let place: EmptyPlace;
  let queues: JobQueue[];

  const open = async () => {
    const queue = await openQueue({ ...place, log: pino({ level: "silent" }), random: () => 0.5, timings: { startMsMax: 20_000, lockMs: 5_000, lostCheckMs: 5_000, retryDelayMs: 1_000 } });
    queues.push(queue);
    return queue;
  };
  beforeEach(async () => {
    place = await emptyPlace();
    queues = [];
  });
  afterEach(async () => {
    for (const queue of queues) await queue.close(5_000);
    await place.dispose();
  });

  it("runs an entry once, however often it is added before, and forgets it then", async () => {
    const queue = await open();
    const placed = entryOf("job");
    await queue.add([placed, placed]);
    await queue.add([placed]);
    expect(await queue.states([placed.entry, entryOf("other").entry])).toEqual([{ state: "live" }, { state: "gone" }]);
    expect(await queue.waitingCount()).toBe(1);
    const ran = await runAll(queue, 1);
    expect(ran).toEqual(["job"]);
    await vi.waitFor(async () => expect(await queue.states([placed.entry])).toEqual([{ state: "gone" }]), waitMs);
  });

  it("takes the lowest priority number first, and equal ones in the order they came", async () => {
    const queue = await open();
    await queue.add([entryOf("c", 30), entryOf("a", 10), entryOf("d", 30), entryOf("b", 20), entryOf("z", 2_097_151)]);
    expect(await runAll(queue, 5)).toEqual(["a", "b", "c", "d", "z"]);
  });

  it("treats the next attempt of a job as another entry, and takes any id", async () => {
    const queue = await open();
    const second = { ...entryOf("job"), entry: { ...entryOf("job").entry, attempt: 2 } };
    await queue.add([entryOf("job"), second, entryOf("with:colons:in"), entryOf("42"), entryOf("задание")]);
    expect((await runAll(queue, 5)).toSorted()).toEqual(["42", "job", "job", "with:colons:in", "задание"]);
  });

  it("runs an entry again after a throw, keeping nothing of the error's text", async () => {
    const queue = await open();
    await queue.add([entryOf("job")]);
    const lastRuns: boolean[] = [];
    await queue.work((_entry, lastRun) => {
      lastRuns.push(lastRun);
      return lastRuns.length === 1 ? Promise.reject(new Error("40817810099910004312")) : Promise.resolve({ outcome: "dead", code: "job.internal" });
    }, 1);
    await vi.waitFor(async () => expect(await queue.states([entryOf("job").entry])).toEqual([{ state: "dead", reason: "job.internal" }]), waitMs);
    expect(lastRuns).toEqual([false, false]);
  });

  it("keeps a given-up entry with its reason, never runs it again, and goes on with others", async () => {
    const queue = await open();
    await queue.add([entryOf("bad", 1), entryOf("good", 2)]);
    const ran: string[] = [];
    await queue.work(({ jobId }) => {
      ran.push(jobId);
      return Promise.resolve(jobId === "bad" ? { outcome: "dead", code: "job.invalid_parameters" } : { outcome: "settled" });
    }, 1);
    await vi.waitFor(() => expect(ran).toEqual(["bad", "good"]), waitMs);
    await queue.add([entryOf("bad")]);
    expect(await queue.states([entryOf("bad").entry])).toEqual([{ state: "dead", reason: "job.invalid_parameters" }]);
    expect(await queue.waitingCount()).toBe(0);
  });

  it("shares entries between workers, each to one", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `job-${index}`);
    const [first, second] = [await open(), await open()];
    const ran: string[] = [];
    const run: RunEntry = ({ jobId }) => {
      ran.push(jobId);
      return Promise.resolve({ outcome: "settled" });
    };
    await Promise.all([first.work(run, 2), second.work(run, 2)]);
    await first.add(names.map((name) => entryOf(name)));
    await vi.waitFor(() => expect(ran.toSorted()).toEqual(names.toSorted()), waitMs);
  });

  it("lets what is under way finish before it closes", async () => {
    const queue = await open();
    await queue.add([entryOf("job"), entryOf("next")]);
    let finish: () => void = () => undefined;
    const ran: string[] = [];
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    await queue.work(async ({ jobId }) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
        begin();
      });
      ran.push(jobId);
      return { outcome: "settled" };
    }, 1);
    await begun;
    expect(await queue.waitingCount()).toBe(1);
    const closing = queue.close(20_000);
    finish();
    await closing;
    expect(ran).toEqual(["job"]);
    const other = await open();
    await other.work(settled, 1);
    await vi.waitFor(async () => expect(await other.states([entryOf("job").entry, entryOf("next").entry])).toEqual([{ state: "gone" }, { state: "gone" }]), waitMs);
  });
}

function entryOf(jobId: string, priority = 1): PlacedEntry {
  return { entry: { workspaceId: "workspace", jobId, attempt: 1, kind: "generate_forecast" }, priority };
}

/** Works on the queue until so many entries have run; their job ids in order. */
async function runAll(queue: JobQueue, count: number): Promise<string[]> {
  const ran: string[] = [];
  await queue.work(({ jobId }) => {
    ran.push(jobId);
    return Promise.resolve({ outcome: "settled" });
  }, 1);
  await vi.waitFor(() => expect(ran.length).toBeGreaterThanOrEqual(count), waitMs);
  return ran;
}
