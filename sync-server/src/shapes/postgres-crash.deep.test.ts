import { expect, it } from "vitest";
import { bundlePrograms } from "./testing/powered-process.ts";
import { survivePostgresCrashes } from "./testing/postgres-crashes.ts";

it("loses and doubles nothing when Postgres is killed five times, and its walsender cut every 200 ms", async () => {
  await expect(survivePostgresCrashes(await bundlePrograms("postgres-crashes"), 5)).resolves.toBeUndefined();
});
