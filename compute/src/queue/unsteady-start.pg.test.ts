import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";
import { startUnsteadyProxy, type Unsteadiness } from "../testing/unsteady-proxy.ts";
import { openQueue } from "./open-queue.ts";

const seed = Number(process.env["SALDO_QUEUE_SEED"] ?? 20_261_127);
const runs = process.env["SALDO_TEST_DEEP"] === "1" ? 200 : 12;
/** Connections that starting opens: of the side that asks and of the one that works, and to hear of entries. */
const early = 5;
const timings = { lockMs: 5_000, lostCheckMs: 500, startMsMax: 2_000, retryDelayMs: 1_000 };
const waitMs = { timeout: 40_000, interval: 20 };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const queue = await openQueue({ databaseUrl: database.url, redisUrl: null, log: pino({ level: "silent" }), random: () => 0.5, timings });
  await queue.close(5_000);
});
afterAll(() => database.drop());

const unsteadiness: fc.Arbitrary<Unsteadiness> = fc.oneof({ weight: 4, arbitrary: fc.record({ cutAfterBytes: fc.integer({ min: 0, max: 2_500 }) }) }, { weight: 1, arbitrary: fc.constant("silent" as const) });
const script = fc.array(fc.option(unsteadiness, { nil: undefined, freq: 2 }), { minLength: 1, maxLength: early }).filter((failures) => failures.filter((one) => one !== undefined).length <= 2);

it.each(fc.sample(script, { numRuns: runs, seed }).map((failures) => [failures]))(`works although connections are cut while it starts: %j (SALDO_QUEUE_SEED=${seed})`, async (failures) => {
  const target = new URL(database.url);
  const proxy = await startUnsteadyProxy(Number(target.port), failures);
  target.port = String(proxy.port);
  const queue = await openQueue({ databaseUrl: target.href, redisUrl: null, log: pino({ level: "silent" }), random: () => 0.5, timings });
  try {
    const ran: string[] = [];
    await queue.work(({ jobId }) => {
      ran.push(jobId);
      return Promise.resolve({ outcome: "settled" });
    }, 1);
    const placed = { entry: { workspaceId: "w", jobId: "job", attempt: 1, kind: "generate_forecast" }, priority: 1 };
    // The dispatcher too asks again where it failed.
    await vi.waitFor(() => queue.add([placed]), waitMs);
    await vi.waitFor(() => expect(ran).toContain("job"), waitMs);
    await vi.waitFor(async () => expect(await queue.states([placed.entry])).toEqual([{ state: "gone" }]), waitMs);
  } finally {
    await queue.close(1_000);
    await proxy.close();
  }
});
