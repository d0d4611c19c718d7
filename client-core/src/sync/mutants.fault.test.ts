import { expect, it } from "vitest";
import { occurrencesOf } from "../../../deploy/testing/planted-bug.ts";
import { bundledRun, mutants, runsUntilFound } from "./testing/mutants.ts";

/** One of each kind; all of them, on twenty seeds each, are in the deep tests. */
const few = mutants.filter(({ name }) => ["a change is folded once more after its confirmation", "what was put aside is forgotten", "one mutation in a batch is left out"].includes(name));

it("the code as it is passes", async () => {
  const run = await bundledRun("as-it-is");
  for (let seed = 1; seed <= 5; seed++) await run(seed);
});

it.each(few.map((mutant) => [mutant.name, mutant] as const))("a planted bug is found: %s", async (_name, mutant) => {
  expect(await runsUntilFound(await bundledRun(`few-${mutants.indexOf(mutant)}`, mutant), 1)).toBeDefined();
});

it("every planted bug's line is there, once", async () => {
  for (const mutant of mutants) expect(await occurrencesOf(mutant), mutant.name).toBe(1);
});
