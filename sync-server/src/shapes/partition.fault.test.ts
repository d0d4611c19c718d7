import { expect, it } from "vitest";
import { type Partition, survivePartitions } from "./testing/partitions.ts";

const rounds: readonly Partition[] = [["held", "open"], ["open", "held"], ["held", "held"], ["open", "lost"], "walsender stopped", "reset"];

/** For a machine that does much else. */
const patienceMs = 240_000;

it("goes on by itself after every kind of broken network to Postgres", { timeout: patienceMs }, async () => {
  await expect(survivePartitions(rounds, { silenceMs: 900, seed: 1 })).resolves.toBeUndefined();
});
