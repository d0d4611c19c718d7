import { afterAll, describe, expect, it } from "vitest";
import { bundledRun, mutants, runsUntilFound } from "./testing/mutants.ts";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
/** How each planted bug fared, told at the end. */
const table: string[] = ["found on | runs at most | planted bug"];

afterAll(() => process.stdout.write(`${table.join("\n")}\n`));

describe("a planted bug is found on every seed", () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))("%s", async (name, mutant) => {
    const run = await bundledRun(`mutant-${mutants.indexOf(mutant)}`, mutant);
    const missed: number[] = [];
    let runsMost = 0;
    for (const seed of seeds) {
      const runs = await runsUntilFound(run, seed);
      if (runs === undefined) missed.push(seed);
      else runsMost = Math.max(runsMost, runs);
    }
    table.push(`${seeds.length - missed.length} of ${seeds.length} | ${runsMost} | ${name}`);
    expect(missed).toEqual([]);
  });
});
