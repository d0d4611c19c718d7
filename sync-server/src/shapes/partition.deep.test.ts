import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Passage } from "./testing/tcp-proxy.ts";
import { type Partition, survivePartitions } from "./testing/partitions.ts";

const passage = fc.constantFrom<Passage>("open", "held", "lost");
const partition: fc.Arbitrary<Partition> = fc.oneof({ weight: 8, arbitrary: fc.tuple(passage, passage) }, { weight: 1, arbitrary: fc.constantFrom<Partition>("walsender stopped", "reset") });

it.each([1, 2, 3, 4])("never wedges, whatever the network to Postgres does (seed %i)", async (seed) => {
  await expect(survivePartitions(fc.sample(partition, { numRuns: 25, seed }), { silenceMs: 1_500, seed })).resolves.toBeUndefined();
});

it("finds a network that lost everything by its own limits", async () => {
  await expect(survivePartitions([["lost", "lost"], ["open", "lost"], ["lost", "open"]], { seed: 3 })).resolves.toBeUndefined();
});
