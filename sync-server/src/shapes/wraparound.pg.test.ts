import { expect, it } from "vitest";
import { Materialised } from "./testing/materialised.ts";
import { type OwnPostgres, ownPostgres } from "./testing/own-postgres.ts";
import { bundlePrograms } from "./testing/powered-process.ts";
import { resetWal } from "./testing/reset-wal.ts";
import { expectKeys } from "./testing/scenarios.ts";
import { startShapeFleet } from "./testing/shape-fleet.ts";

/** Each less than half of all transaction ids after the one before; the last is six before the wrap. */
const hops = [1_500_000_000n, 3_000_000_000n, 4_294_967_290n];
/** In the last segment before the position's lower half overflows. */
const positions = [0x2_0000_0000n, 0x3_0000_0000n, 0x7_ff00_0000n];
const steps = 24;

async function freezeAll(postgres: OwnPostgres): Promise<void> {
  const client = await postgres.connect();
  await client.query("ALTER DATABASE template0 WITH ALLOW_CONNECTIONS true");
  for (const database of ["template0", "template1", "postgres"]) await (await postgres.connect(database)).query("VACUUM (FREEZE)");
}

/** For a machine that does much else. */
const patienceMs = 240_000;

it("follows shapes over the wrap of transaction ids and of the WAL position's lower half", { timeout: patienceMs }, async () => {
  const postgres = await ownPostgres({ autovacuum: "off" });
  for (const [hop, xid] of hops.entries()) {
    await freezeAll(postgres);
    await postgres.halt();
    resetWal(postgres.clusterDir, xid, positions[hop] ?? 0n);
    await postgres.start();
  }
  const client = await postgres.connect();
  const long = await postgres.connect();
  await client.query("BEGIN; CREATE TABLE wrapped (id serial PRIMARY KEY); CREATE TABLE marks (id serial PRIMARY KEY); COMMIT");
  const fleet = await startShapeFleet({ programs: await bundlePrograms("wraparound"), databaseUrl: postgres.url, streamId: "wrap", seed: 1 });
  try {
    const shapes = [new Materialised(fleet.url, { table: "wrapped" })];
    const writes = async (step: number): Promise<void> => {
      await client.query("INSERT INTO wrapped DEFAULT VALUES");
      if (step === 1) await long.query("BEGIN; INSERT INTO wrapped DEFAULT VALUES");
      if (step === steps - 4) await long.query("COMMIT");
      if (step % 8 === 4) await client.query("SELECT pg_switch_wal()");
    };
    const ids = async (): Promise<bigint> => BigInt((await client.query<{ id: string }>("SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS id")).rows[0]?.id ?? 0);
    const before = await ids();
    for (let step = 0; step < steps; step++) {
      await writes(step);
      if (step % 2 === 0) shapes.push(new Materialised(fleet.url, { table: "wrapped", where: `id > ${-step}` }));
      if (step === steps / 2) await fleet.restart("killed");
      for (const shape of shapes) await expectKeys(client, shape, "SELECT id FROM wrapped");
    }
    const { rows } = await client.query<{ lsn: string }>("SELECT pg_current_wal_lsn()::text AS lsn");
    expect([before < 1n << 32n, (await ids()) > 1n << 32n, rows[0]?.lsn.startsWith("8/")]).toEqual([true, true, true]);
    expect(shapes.map(({ rotations }) => rotations)).toEqual(shapes.map(() => 0));
  } finally {
    await fleet.stop();
    await postgres.stop();
  }
});
