import { expect, it } from "vitest";
import { runOracle } from "./testing/oracle.ts";
import { bundlePrograms } from "./testing/powered-process.ts";
import { onFreshDatabase } from "./testing/scenarios.ts";
import type { Restart } from "./testing/shape-fleet.ts";

/** One seed of yours: `SALDO_ORACLE_SEED=7 SALDO_TEST_DEEP=1 npx vitest run sync-server/src/shapes/oracle.deep.test.ts`. */
const own = process.env["SALDO_ORACLE_SEED"];
const seeds = own === undefined ? [1, 2, 3, 4, 5] : [Number(own)];
const size = { shapes: 100, batches: 10, transactions: 10, mutations: 5 };
const restarts: readonly Restart[] = ["graceful", "power cut", "rolling", "killed"];
const restartEvery = 3;

it.each(seeds)("keeps 100 generated shapes equal to their queries through 10 batches and restarts (SALDO_ORACLE_SEED=%i)", async (seed) => {
  const programs = await bundlePrograms(`oracle-${seed}`);
  await onFreshDatabase(programs, seed, async (fleet, _client, databaseUrl) => {
    const disturb = async (batch: number): Promise<void> => {
      const how = restarts[(Math.floor(batch / restartEvery) + seed) % restarts.length];
      if (batch % restartEvery === 2 && how !== undefined) await fleet.restart(how);
    };
    await expect(runOracle({ databaseUrl, url: fleet.url, disturb, official: 4 }, { ...size, seed })).resolves.toBeUndefined();
  });
});
