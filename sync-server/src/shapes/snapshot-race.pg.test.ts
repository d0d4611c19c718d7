import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, it } from "vitest";
import { startPostgres } from "../../../deploy/postgres/index.ts";
import { startShapeService } from "./service.ts";
import { collectLog } from "./testing/shape-server.ts";

/** Waiting for a standby that never comes holds a transaction where the race lies: committed in the log, not yet seen by others. */
const settings = { synchronous_standby_names: "nobody", synchronous_commit: "local" };

it("takes a snapshot again when it lacks a commit that replication has already sent", async () => {
  const dir = mkdtempSync(join(tmpdir(), "shapes-race-"));
  const postgres = await startPostgres({ dataDir: join(dir, "data"), settings });
  const [watcher, writer] = [new Client({ connectionString: postgres.url }), new Client({ connectionString: postgres.url })];
  const service = await startShapeService({ databaseUrl: postgres.url, storageDir: join(dir, "shapes"), slotName: "racing", publicationName: "racing", log: collectLog() });
  try {
    await service.ready;
    await Promise.all([watcher.connect(), writer.connect()]);
    await watcher.query("CREATE TABLE raced (id int PRIMARY KEY)");
    await (await service.handle(new Request("http://in.process/?offset=-1"), { table: "raced" })).text();

    const passed = new Promise<void>((resolve) => {
      service.subscribe(({ touched }) => touched.includes(service.shapeKey({ table: "raced" })) && resolve());
    });
    await writer.query("SET synchronous_commit = on");
    const committed = writer.query("INSERT INTO raced VALUES (1)");
    await passed;
    expect((await watcher.query("SELECT FROM raced")).rowCount).toBe(0);

    const answer = service.handle(new Request("http://in.process/?offset=-1"), { table: "raced", where: "id > 0" });
    const taken = "SELECT FROM pg_stat_activity WHERE application_name = 'racing snapshots' AND (query = 'ROLLBACK' OR query LIKE 'COPY%raced%id%> %')";
    while ((await watcher.query(taken)).rowCount === 0);
    await watcher.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    await committed;
    expect(await (await answer).text()).toContain('"public\\".\\"raced\\"/\\"1\\"');
  } finally {
    await service.close();
    await Promise.all([watcher.end(), writer.end()]);
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});
