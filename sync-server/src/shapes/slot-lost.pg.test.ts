import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, it } from "vitest";
import { startPostgres } from "../../../deploy/postgres/index.ts";
import { startShapeService } from "./service.ts";
import { collectLog } from "./testing/shape-server.ts";

const settings = { max_slot_wal_keep_size: "16MB", max_wal_size: "32MB", min_wal_size: "32MB" };
const segmentsWritten = 8;

it("finds that Postgres gave its slot up while it was away, and serves no hole", async () => {
  const dir = mkdtempSync(join(tmpdir(), "shapes-lost-"));
  const postgres = await startPostgres({ dataDir: join(dir, "data"), settings });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const launch = async () => {
    const service = await startShapeService({ databaseUrl: postgres.url, storageDir: join(dir, "shapes"), slotName: "forgotten", publicationName: "forgotten", log: collectLog() });
    await service.ready;
    return service;
  };
  let service = await launch();
  try {
    await client.query("CREATE TABLE kept (id int PRIMARY KEY, v text)");
    const before = await service.handle(new Request("http://in.process/?offset=-1"), { table: "kept" });
    const handle = before.headers.get("electric-handle") ?? "";
    await service.close();
    await client.query("INSERT INTO kept VALUES (1, 'missed')");
    for (let segment = 0; segment < segmentsWritten; segment++) await client.query("SELECT pg_logical_emit_message(false, 'fill', repeat('x', 1000)), pg_switch_wal()");
    await client.query("CHECKPOINT");
    const { rows } = await client.query<{ status: string }>("SELECT wal_status AS status FROM pg_replication_slots");
    expect(rows).toEqual([{ status: "lost" }]);

    service = await launch();
    const stale = await service.handle(new Request(`http://in.process/?offset=0_inf&handle=${handle}`), { table: "kept" });
    expect(stale.status).toBe(409);
    const anew = await service.handle(new Request("http://in.process/?offset=-1"), { table: "kept" });
    expect(anew.headers.get("electric-handle")).toBe(stale.headers.get("electric-handle"));
    expect(await anew.text()).toContain('"v":"missed"');
    const slots = await client.query<{ status: string }>("SELECT wal_status AS status FROM pg_replication_slots");
    expect(slots.rows).toEqual([{ status: "reserved" }]);
  } finally {
    await service.close();
    await client.end();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});
