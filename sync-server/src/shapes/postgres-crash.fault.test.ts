import { expect, it } from "vitest";
import { bundlePrograms } from "./testing/powered-process.ts";
import { survivePostgresCrashes } from "./testing/postgres-crashes.ts";

/** For a machine that does much else. */
const patienceMs = 240_000;

it("loses and doubles nothing when Postgres is killed, and its walsender cut again and again", { timeout: patienceMs }, async () => {
  await expect(survivePostgresCrashes(await bundlePrograms("postgres-crash"), 1)).resolves.toBeUndefined();
});
