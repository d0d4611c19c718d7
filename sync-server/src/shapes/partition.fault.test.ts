import { expect, it } from "vitest";
import { type Partition, survivePartitions } from "./testing/partitions.ts";

const rounds: readonly Partition[] = [["held", "open"], ["open", "held"], ["held", "held"], ["open", "lost"], "walsender stopped", "reset"];

it("goes on by itself after every kind of broken network to Postgres", async () => {
  await expect(survivePartitions(rounds, { silenceMs: 900, seed: 1 })).resolves.toBeUndefined();
});
