import { shapes as declared } from "@saldo/schema";
import pg from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestRelay, type TestRelay } from "../testing/relay.ts";
import { createDeviceSums } from "./device-sums.ts";
import { createRunningSums } from "./running-sums.ts";

const names = declared.map(({ name }) => name).toSorted();
const dayMs = 24 * 60 * 60_000;
/** Beyond every commit: a baseline is exact at once. */
const lsn = 2n ** 62n;

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.dispose());

/** Sums as the relay keeps them, whose queries may take as long as given, with a clock to move. */
function openSums(pool: pg.Pool, queryMsMax: number) {
  const running = createRunningSums();
  running.published({ prevLsn: lsn, lsn, touched: "all" });
  const clock = { ms: 0 };
  const logged: string[] = [];
  const sums = createDeviceSums({ running, pool, shapes: { currentLsn: () => lsn }, log: pino({}, { write: (line: string) => void logged.push(line) }), nowMs: () => clock.ms, queryMsMax });
  return { sums, clock, logged };
}

it("a shape whose sum takes too long keeps no other from being compared, is left alone for a while, and compared once its sum can be read", async () => {
  const [pool, holder] = [new pg.Pool({ connectionString: relay.databaseUrl, max: 2 }), new pg.Client({ connectionString: relay.databaseUrl })];
  await holder.connect();
  await holder.query("begin; lock table category in access exclusive mode");
  const { sums, clock, logged } = openSums(pool, 2_000);
  const reader = sums.open({ workspaceId: "w", userId: "u", clientId: "c" }, () => undefined);
  const known = () => Object.keys(reader.known(names)).toSorted();
  const given = () => logged.filter((line) => line.includes("too large")).length;

  await expect.poll(known).toEqual(names.filter((name) => name !== "category"));
  await expect.poll(given).toBe(1);
  sums.tick();
  await holder.query("rollback");
  expect(known()).not.toContain("category");
  clock.ms += dayMs;
  await expect.poll(() => (sums.tick(), known())).toEqual(names);
  expect(given()).toBe(1);

  await sums.close();
  await Promise.all([pool.end(), holder.end()]);
});
