import { describe, expect, it } from "vitest";
import { bundleRelay } from "../testing/relay-process.ts";
import { balancesAdd, runFaultyUploads, type FaultyUploads } from "./testing/faulty-uploads.ts";
import { mutants } from "./testing/mutants.ts";
import { onUploadGround, randomOf } from "./testing/upload-ground.ts";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
/** Runs of one seed's search at most. */
const runsMax = 25;

async function isFound(ground: FaultyUploads, seed: number): Promise<boolean> {
  for (let run = 0; run < runsMax; run++) if (await runFaultyUploads(ground, randomOf(seed * 1_000 + run)).then(() => false, () => true)) return true;
  return false;
}

describe("a planted bug of the relay is found on every seed", () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))("%s", async (_name, { bugs }) => {
    const program = await bundleRelay(`mutant-${mutants.findIndex((mutant) => mutant.bugs === bugs)}`, balancesAdd, ...bugs);
    await onUploadGround(program, async (ground) => {
      const missed = [];
      for (const seed of seeds) if (!(await isFound(ground, seed))) missed.push(seed);
      expect(missed).toEqual([]);
    });
  });
});
