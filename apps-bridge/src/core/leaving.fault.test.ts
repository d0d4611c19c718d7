import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { bundleForTest, type PlantedBug } from "../../../deploy/testing/planted-bug.ts";
import type { runLeaving } from "./testing/leaving-run.ts";

const seeds = Array.from({ length: process.env["SALDO_TEST_DEEP"] === "1" ? 20 : 2 }, (_, index) => index + 1);
/** Runs of one seed's search at most. */
const runsMax = 6;

const file = "apps-bridge/src/core/core.ts";
const mutants: readonly (PlantedBug & { readonly name: string })[] = [
  { name: "membership loss keeps rows", file, line: "await removeCopy(parts, databaseName(who));\n      await sessionStore.clear();\n      return true;", becomes: "await sessionStore.clear();\n      return true;" },
  { name: "an interrupted removal is forgotten", file, line: "await removeCopy(parts, databaseName(who));\n      await sessionStore.clear();\n    },", becomes: "await sessionStore.clear();\n    }," },
  { name: "another company is opened over the mark of a removal", file, line: "if (next === undefined || !isGone) return tell", becomes: "if (next === undefined) return tell" },
  { name: "what was not sent goes with the books", file, line: "await setAside.store.keep(entry, (write) => exportUnsent(books.database, entry.at, write));", becomes: "" },
];

async function bundled(name: string, ...bugs: readonly PlantedBug[]): Promise<typeof runLeaving> {
  const module: { readonly runLeaving: typeof runLeaving } = await import(/* @vite-ignore */ pathToFileURL(await bundleForTest("apps-bridge/src/core/testing/leaving-run.ts", name, ...bugs)).href);
  return module.runLeaving;
}

it("nothing of a lost company stays, and nothing unsent is lost", async () => {
  const run = await bundled("leaving");
  for (let seed = 1; seed <= 6; seed++) await run(seed);
});

it.each(mutants.map((mutant) => [mutant.name, mutant] as const))("a planted bug is found on every seed: %s", async (_name, mutant) => {
  const run = await bundled(`leaving-${mutants.indexOf(mutant)}`, mutant);
  const isFound = async (seed: number): Promise<boolean> => {
    for (let turn = 0; turn < runsMax; turn++) if (await run(seed * 100 + turn).then(() => false, () => true)) return true;
    return false;
  };
  const missed = [];
  for (const seed of seeds) if (!(await isFound(seed))) missed.push(seed);
  expect(missed).toEqual([]);
});
