import { describe, expect, it } from "vitest";
import { bundledRun, mutants, runsUntilFound } from "./testing/mutants.ts";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

describe("a planted bug is found on every seed", () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))("%s", async (_name, mutant) => {
    const run = await bundledRun(`mutant-${mutants.indexOf(mutant)}`, mutant);
    const missed = [];
    for (const seed of seeds) if ((await runsUntilFound(run, seed)) === undefined) missed.push(seed);
    expect(missed).toEqual([]);
  });
});
