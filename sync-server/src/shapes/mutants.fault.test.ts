import { expect, it } from "vitest";
import { mutants } from "./testing/mutants.ts";
import { bundlePrograms, linesOf } from "./testing/powered-process.ts";

/** For a machine that does much else. */
const patienceMs = 240_000;
const seedsMax = 4;

/** One of each kind; all of them are in the deep tests. */
const few = mutants.filter(({ name }) => ["what is sent again is logged again", "values kept out of line are dropped", "a new slot is gone on from"].includes(name));

/** What a seed does depends on the moment as well: a bug has to show itself with one of a few. */
async function withSeeds(run: (seed: number) => Promise<unknown>): Promise<void> {
  for (let seed = 1; seed <= seedsMax; seed++) await run(seed);
}

it.each(few.map((mutant) => [mutant.name, mutant] as const))("a planted bug is found: %s", { timeout: patienceMs }, async (_name, mutant) => {
  const programs = await bundlePrograms(`planted-${mutants.indexOf(mutant)}`, mutant);
  await expect(withSeeds((seed) => mutant.foundBy(programs, seed))).rejects.toThrow();
});

it("a bug whose line is gone is no bug, and said", async () => {
  const [mutant] = mutants;
  await expect(bundlePrograms("gone", { file: mutant?.file ?? "", line: "a line that nobody wrote", becomes: "" })).rejects.toThrow("exactly once");
});

it("every planted bug's line is there, once", async () => {
  for (const mutant of mutants) expect(await linesOf(mutant), mutant.line).toBe(1);
});
