import * as fc from "fast-check";
import { expect, it } from "vitest";
import { bundlePrograms } from "./testing/powered-process.ts";
import { type KillPoint, surviveKills } from "./testing/kills.ts";

const steps = ["before sync", "after sync", "before rename", "after rename", "within write"] as const;
const files: Readonly<Record<(typeof steps)[number], readonly string[]>> = {
  "before sync": ["log.json", "log.idx", "position.json.new", "snapshot.json", "shape.json.new"],
  "after sync": ["log.json", "log.idx", "position.json.new", "snapshot.json", "shape.json.new"],
  "before rename": ["position.json", "shape.json"],
  "after rename": ["position.json", "shape.json"],
  "within write": ["log.json", "log.idx", "snapshot.json"],
};
/** A round begins one shape. */
const onceOnly = /^(?:snapshot|shape)\./;
const named: readonly KillPoint[] = steps.flatMap((what) => files[what].flatMap((file) => (onceOnly.test(file) ? [1] : [1, 2]).map((nth) => ({ what, file, nth }))));
const anywhere = fc.constantFrom(...steps).chain((what) => fc.record({ what: fc.constant(what), file: fc.constantFrom(...(files[what] ?? [])), nth: fc.integer({ min: 1, max: 12 }) })).map((point) => (onceOnly.test(point.file) ? { ...point, nth: 1 } : point));

it(`goes on after a power cut at each of ${named.length} named points`, async () => {
  await expect(surviveKills(await bundlePrograms("kill-named"), named, 1)).resolves.toBeUndefined();
});

it.each([1, 2, 3])("goes on after power cuts at 20 random points (seed %i)", async (seed) => {
  await expect(surviveKills(await bundlePrograms(`kill-random-${seed}`), fc.sample(anywhere, { numRuns: 20, seed }), seed)).resolves.toBeUndefined();
});
