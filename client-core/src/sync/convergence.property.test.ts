import { describe, it } from "vitest";
import { runConvergence, type Mix } from "./testing/convergence/run.ts";

const file = "client-core/src/sync/convergence.property.test.ts";
/** One seed to replay instead of all, and its mix of commands. */
const replayed = process.env["SALDO_SEED"];
const replayedMix: Mix = process.env["SALDO_MIX"] === "swarm" ? "swarm" : "usual";
/** Seeds of one run with each mix; the deep run tries thousands. */
const seedsOfRun: Readonly<Record<Mix, number>> = process.env["SALDO_TEST_DEEP"] === "1" ? { usual: 2_000, swarm: 2_000 } : { usual: 40, swarm: 20 };
const seedsOfTest = 20;

async function replayable(seed: number, mix: Mix = "usual"): Promise<void> {
  await runConvergence(seed, { mix }).catch((cause: unknown) => {
    throw new Error(`seed ${seed}: replay with SALDO_SEED=${seed} SALDO_MIX=${mix} npx vitest run ${file}`, { cause });
  });
}

function batchesOf(mix: Mix): number[] {
  return replayed === undefined ? Array.from({ length: seedsOfRun[mix] / seedsOfTest }, (_, index) => index * seedsOfTest + 1) : [];
}

describe("devices and server", () => {
  if (replayed !== undefined) it(`converge (seed ${replayed}, ${replayedMix})`, () => replayable(Number(replayed), replayedMix));

  it("converge when an upload is held up until the server was restored and the device has sent it anew (seed 1070)", () => replayable(1070));

  it("converge, and no change is gone for a while that a restored server has to be sent again (seed 841)", () => replayable(841));

  it.each(batchesOf("usual"))("converge, whatever is lost, doubled, late, cut, restarted, taken away or begun anew (seeds from %i)", async (first) => {
    for (let seed = first; seed < first + seedsOfTest; seed++) await replayable(seed);
  });

  it.each(batchesOf("swarm"))("converge, with much of some of it and nothing of the rest (seeds from %i)", async (first) => {
    for (let seed = first; seed < first + seedsOfTest; seed++) await replayable(seed, "swarm");
  });
});
