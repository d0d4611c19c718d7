import { expect, it } from "vitest";
import { bundlePrograms } from "./testing/powered-process.ts";
import { passVolumes } from "./testing/volumes.ts";

const rssBytesMax = 256 * 1024 * 1024;

/** For a machine that does much else. */
const patienceMs = 240_000;

it("takes a large snapshot, transaction and row, and many tables in one transaction, in bounded memory", { timeout: patienceMs }, async () => {
  const figures = await passVolumes(await bundlePrograms("volumes"), { rows: 15_000, rowBytes: 5_000_000, tables: 100 });
  expect(Math.max(...Object.values(figures))).toBeLessThan(rssBytesMax);
});
