import type { Client } from "pg";
import { Materialised } from "./materialised.ts";
import type { Programs } from "./powered-process.ts";
import type { PowerSettings } from "./power-cut.ts";
import { expectKeys, onFreshDatabase } from "./scenarios.ts";

/** A step of the service at which the power goes. */
export type KillPoint = NonNullable<PowerSettings["killAt"]>;

const commitsMax = 20_000;

/**
 * For each point: a service that dies there, with the power, while rows are written and shapes begun; then another one, which must have
 * every shape whole. Throws when it has not, or when a point is never met.
 */
export function surviveKills(programs: Programs, points: readonly KillPoint[], seed: number): Promise<void> {
  return onFreshDatabase(programs, seed, async (fleet, client) => {
    await client.query("CREATE TABLE kept (id serial PRIMARY KEY, v text)");
    const shape = new Materialised(fleet.url, { table: "kept" });
    await expectKeys(client, shape, "SELECT id FROM kept");
    for (const [round, point] of points.entries()) {
      await fleet.restart("graceful", point).catch(() => undefined); // it may be dead before it is active
      const dying = fleet.current;
      let dead = false;
      void dying.ended.then(() => (dead = true));
      const fresh = new Materialised(fleet.url, { table: "kept", where: `id > ${round}` });
      const joined = fresh.catchUp(0n);
      joined.catch(() => undefined);
      for (let commit = 0; !dead && commit < commitsMax; commit++) await write(client, commit);
      if (!dead) throw new Error(`never met: ${JSON.stringify(point)}`);
      await fleet.revive();
      await joined;
      await expectKeys(client, shape, "SELECT id FROM kept");
      await expectKeys(client, fresh, `SELECT id FROM kept WHERE id > ${round}`);
      if (shape.rotations > 0) throw new Error(`begun anew after ${JSON.stringify(point)}`);
    }
  });
}

async function write(client: Client, commit: number): Promise<void> {
  await client.query("INSERT INTO kept (v) SELECT repeat('v', $1) FROM generate_series(1, 3)", [commit % 7 === 0 ? 500 : 20]);
  if (commit % 3 === 0) await client.query("DELETE FROM kept WHERE id % 5 = 0");
}
