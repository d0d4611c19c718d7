import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { Materialised } from "./testing/materialised.ts";
import { followShape } from "./testing/replica.ts";
import { expectKeys, onFreshDatabase } from "./testing/scenarios.ts";
import { bundlePrograms, type Programs } from "./testing/powered-process.ts";
import { surviveKills } from "./testing/kills.ts";

/** For a machine that does much else. */
const patienceMs = 240_000;

let programs: Programs;
beforeAll(async () => {
  programs = await bundlePrograms("kill");
});

it("loses and doubles nothing when its process is killed in the middle of the stream", async () => {
  await onFreshDatabase(programs, 1, async (fleet, client) => {
    await client.query("CREATE TABLE survivors (id serial PRIMARY KEY, v int)");
    const replica = followShape(fleet.url, { table: "survivors" }, { backoffOptions: { initialDelay: 20, maxDelay: 200, multiplier: 1.5 } });
    await replica.until(() => replica.stream.isUpToDate);
    const handle = replica.stream.shapeHandle;
    // A shape outlives the process once its record is on disk, which may be just after the first answer.
    while (!readdirSync(fleet.storageDir, { recursive: true }).some((file) => String(file).endsWith(join(handle ?? "", "shape.json")))) await client.query("SELECT");
    let expected = 0;
    for (let round = 0; round < 2; round++) {
      for (let step = 0; step < 20; step++, expected += 5) await client.query("INSERT INTO survivors (v) SELECT g FROM generate_series(1, 5) g");
      await replica.until(() => replica.rows.size >= expected - 60);
      const restarting = fleet.restart("killed");
      await client.query("INSERT INTO survivors (v) VALUES (-1)");
      expected += 1;
      await restarting;
    }
    await replica.until(() => replica.rows.size === expected);
    replica.stop();
    expect(replica.faults).toEqual([]);
    expect(replica.stream.shapeHandle).toBe(handle);
    await expectKeys(client, new Materialised(fleet.url, { table: "survivors" }), "SELECT id FROM survivors");
  });
});

it("goes on after a power cut between any two steps of making changes durable", { timeout: patienceMs }, async () => {
  const points = [
    { what: "before sync", file: "log.idx", nth: 3 },
    { what: "within write", file: "log.json", nth: 5 },
    { what: "before rename", file: "position.json", nth: 4 },
    { what: "after rename", file: "shape.json", nth: 1 },
  ] as const;
  await expect(surviveKills(programs, points, 1)).resolves.toBeUndefined();
});
