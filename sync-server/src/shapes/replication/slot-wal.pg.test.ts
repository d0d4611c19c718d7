import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, expect, it } from "vitest";
import { type RunningPostgres, startPostgres } from "../../../../deploy/postgres/index.ts";
import { startShapeService } from "../service.ts";
import { collectLog } from "../testing/shape-server.ts";

const writtenMegabytes = process.env["SALDO_TEST_DEEP"] === "1" ? 1_024 : 48;
const retainedBytesMax = 33 * 1024 * 1024;

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function place(settings: Record<string, string>) {
  const dir = mkdtempSync(join(tmpdir(), "shapes-wal-"));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  const postgres: RunningPostgres = await startPostgres({ dataDir: join(dir, "data"), settings: { fsync: "off", ...settings } });
  cleanups.push(() => postgres.stop());
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    cleanups.push(() => client.end());
    return client;
  };
  const log = collectLog();
  const service = await startShapeService({ databaseUrl: postgres.url, storageDir: join(dir, "shapes"), slotName: "watched", publicationName: "watched", log, maintenanceMs: 20 });
  cleanups.push(() => service.close());
  await service.ready;
  return { connect, service, log };
}

it("keeps the WAL of a database in bounds where only tables without shapes are written", async () => {
  const { connect, service } = await place({});
  const client = await connect();
  await client.query("CREATE TABLE followed (id int PRIMARY KEY); CREATE TABLE unpublished (v text)");
  await service.handle(new Request("http://in.process/?offset=-1"), { table: "followed" });
  for (let megabyte = 0; megabyte < writtenMegabytes; megabyte++) await client.query("INSERT INTO unpublished SELECT repeat(md5(g::text), 32) FROM generate_series(1, 960) g");
  const { rows } = await client.query<{ lsn: string }>("SELECT pg_current_wal_insert_lsn()::text AS lsn");
  const slot = async () => {
    const sql = "SELECT confirmed_flush_lsn >= $1::pg_lsn AS confirmed, (pg_current_wal_insert_lsn() - restart_lsn)::float8 AS retained FROM pg_replication_slots WHERE slot_name = 'watched'";
    const answer = await client.query<{ confirmed: boolean; retained: number }>(sql, [rows[0]?.lsn]);
    return answer.rows[0];
  };
  for (let state = await slot(); state?.confirmed !== true || state.retained > retainedBytesMax; state = await slot()) await client.query("CHECKPOINT");
  let sample = service.statistics().slot;
  for (; sample === undefined || sample.retainedBytes > retainedBytesMax; sample = service.statistics().slot) await client.query("SELECT 1");
  expect(sample.status).toBe("reserved");
});

it("warns while the server is about to give the slot up, and says when it is safe again", async () => {
  const { connect, service, log } = await place({ max_slot_wal_keep_size: "16MB", max_wal_size: "2GB", checkpoint_timeout: "1h" });
  const [client, holder] = [await connect(), await connect()];
  await holder.query("BEGIN");
  await holder.query("SELECT pg_current_xact_id()");
  const told = async (message: string): Promise<Readonly<Record<string, unknown>>> => {
    for (;;) {
      const line = log.lines.find((each) => each.message.includes(message));
      if (line !== undefined) return line.detail;
      await client.query("SELECT 1");
    }
  };
  for (let segment = 0; segment < 4; segment++) await client.query("SELECT pg_logical_emit_message(false, 'fill', repeat('x', 1000)), pg_switch_wal()");
  expect(await told("about to be given up")).toMatchObject({ slot: "watched", status: "unreserved" });
  expect(service.statistics().slot?.retainedBytes).toBeGreaterThan(16 * 1024 * 1024);
  await holder.query("COMMIT");
  for (let step = 0; !log.lines.some(({ message }) => message.includes("safe again")); step++) await client.query("SELECT pg_log_standby_snapshot(), pg_logical_emit_message(true, 'on', 'x')");
  expect(service.statistics().slot?.status).toBe("reserved");
});
