import { describe, expect, it } from "vitest";
import { mutants } from "./testing/mutants.ts";
import { cutScenario, lostScenario, oracleScenario, powerScenario, raceScenario } from "./testing/scenarios.ts";
import { bundlePrograms } from "./testing/powered-process.ts";

const seeds = [1, 2, 3];

describe("the service as it is passes", () => {
  it.each(Object.entries({ oracleScenario, powerScenario, cutScenario, lostScenario, raceScenario }))("%s", async (name, scenario) => {
    const programs = await bundlePrograms(name);
    await expect(scenario(programs, 1)).resolves.toBeUndefined();
  });
});

describe("a planted bug is found", () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))("%s", async (_name, mutant) => {
    const programs = await bundlePrograms(`mutant-${mutants.indexOf(mutant)}`, mutant);
    let found: unknown;
    for (const seed of seeds) found ??= await mutant.foundBy(programs, seed).then(() => undefined, (error: unknown) => error);
    expect(found).toBeInstanceOf(Error);
  });
});
