import { Materialised } from "./materialised.ts";
import { ownPostgres } from "./own-postgres.ts";
import type { Programs } from "./powered-process.ts";
import { expectKeys } from "./scenarios.ts";
import { startShapeFleet } from "./shape-fleet.ts";

const cutEveryMs = 200;
const cutsEach = 5;

/**
 * Kills Postgres in the middle of the stream, `times` over, and cuts the walsender every 200 ms between. Every commit must be in the shape
 * once, the shape never begun anew, and there must be one slot.
 */
export async function survivePostgresCrashes(programs: Programs, times: number): Promise<void> {
  const postgres = await ownPostgres();
  let client = await postgres.connect();
  await client.query("CREATE TABLE kept (id serial PRIMARY KEY, v text); CREATE TABLE marks (id serial PRIMARY KEY)");
  const fleet = await startShapeFleet({ programs, databaseUrl: postgres.url, streamId: "crashes", seed: 1 });
  try {
    const shape = new Materialised(fleet.url, { table: "kept" });
    await new Materialised(fleet.url, { table: "marks" }).catchUp(0n);
    await shape.catchUp(0n);
    for (let round = 0; round < times; round++) {
      for (let step = 0; step < 20; step++) await client.query("INSERT INTO kept (v) SELECT repeat('v', 200) FROM generate_series(1, 50)");
      await postgres.kill();
      await postgres.start();
      client = await postgres.connect();
      for (let cut = 0; cut < cutsEach; cut++) {
        await client.query("INSERT INTO kept (v) SELECT repeat('w', 200) FROM generate_series(1, 500)");
        await client.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL");
        await client.query("SELECT pg_sleep($1)", [cutEveryMs / 1_000]);
      }
      await expectKeys(client, shape, "SELECT id FROM kept");
      await expectKeys(client, new Materialised(fleet.url, { table: "kept", where: `id > ${round}` }), `SELECT id FROM kept WHERE id > ${round}`);
      const { rows } = await client.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_replication_slots");
      if (rows[0]?.n !== 1) throw new Error(`${rows[0]?.n} slots`);
    }
    if (shape.rotations > 0) throw new Error(`begun anew ${shape.rotations} times`);
  } finally {
    await fleet.stop();
    await postgres.stop();
  }
}
