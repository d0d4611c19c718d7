import { expect, it } from "vitest";
import { bundlePrograms } from "./testing/powered-process.ts";
import { passVolumes } from "./testing/volumes.ts";

const rssBytesMax = 256 * 1024 * 1024;

it("takes a snapshot and a transaction of 1,000,000 rows, a row of 10 MB and 10,000 tables in one transaction within 256 MB", async () => {
  const figures = await passVolumes(await bundlePrograms("volumes-deep"), { rows: 1_000_000, rowBytes: 10_000_000, tables: 10_000 });
  process.stdout.write(`highest resident memory, MB: ${JSON.stringify(Object.fromEntries(Object.entries(figures).map(([step, bytes]) => [step, Math.round(bytes / 1_048_576)])))}\n`);
  expect(Math.max(...Object.values(figures))).toBeLessThan(rssBytesMax);
});
