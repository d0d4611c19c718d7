import { expect, it } from "vitest";
import { raceScenario } from "./testing/scenarios.ts";
import { bundlePrograms } from "./testing/powered-process.ts";

it("takes a snapshot again when it lacks a commit that replication has already sent", async () => {
  await expect(raceScenario(await bundlePrograms("race"), 1)).resolves.toBeUndefined();
});
