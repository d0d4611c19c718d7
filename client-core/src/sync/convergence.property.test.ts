import { describe, it } from "vitest";
import { runConvergence } from "./testing/convergence/run.ts";

const file = "client-core/src/sync/convergence.property.test.ts";
/** One seed to replay instead of all. */
const replayed = process.env["SALDO_SEED"];
/** Seeds of one run; the deep run tries thousands. */
const seedsOfRun = process.env["SALDO_TEST_DEEP"] === "1" ? 4_000 : 60;
const seedsOfTest = 20;

async function replayable(seed: number): Promise<void> {
  await runConvergence(seed).catch((cause: unknown) => {
    throw new Error(`seed ${seed}: replay with SALDO_SEED=${seed} npx vitest run ${file}`, { cause });
  });
}

describe("devices and server", () => {
  if (replayed !== undefined) it(`converge (seed ${replayed})`, () => replayable(Number(replayed)));

  it("converge when an upload is held up until the server was restored and the device has sent it anew (seed 1070)", () => replayable(1070));

  it("converge, and no change is gone for a while that a restored server has to be sent again (seed 841)", () => replayable(841));

  const batches = replayed === undefined ? Array.from({ length: Math.ceil(seedsOfRun / seedsOfTest) }, (_, index) => index * seedsOfTest + 1) : [];
  it.each(batches)("converge, whatever is lost, doubled, late, cut, restarted, taken away or begun anew (seeds from %i)", async (first) => {
    for (let seed = first; seed < first + seedsOfTest; seed++) await replayable(seed);
  });
});
