import { systemIds } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { recordMutation } from "../mutations/record.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import { openStore } from "../store/index.ts";
import { failureNotes } from "./failures.ts";
import { inspectStore } from "./inspect.ts";
import { bindWorkspace } from "./workspace.ts";

const workspaceId = "01a20668-0000-7000-8000-000000000001";
const context = { workspaceId, userId: "u1", recordedAt: "2026-11-01T10:00:00.000Z" };
const secret = "Тайный поставщик";

describe.each([
  ["SQLite", async () => openBetterSqlite3({ path: ":memory:" })],
  ["PGlite", async () => openPglite(await emptyPglite())],
])("an inspection of a store on %s", (_name, open) => {
  it("tells cursors, outbox, failures, tables and size, and no value of a row", async () => {
    const database = await openStore(await open());
    await bindWorkspace(database, { workspaceId, userId: "u1", serverUrl: "http://model.test" });
    const ids = systemIds();
    for (const at of ["2026-11-03T00:00:00.000Z", "2026-11-02T00:00:00.000Z"]) {
      await recordMutation(database, "category.create", { id: ids.next(), name: secret, kind: "expense", createdAt: at }, { ...context, recordedAt: at });
    }
    await database.transaction(async (transaction) => {
      await transaction.execute(sql`update "sync_outbox" set "status" = 'confirmed' where "seq" = 1`, []);
      await transaction.insertRows("sync_shape", ["name", "handle", "offset", "lsn", "status"], [["category", "h1", "10_3", "99", "live"]], "fail");
    });
    const notes = failureNotes({ database, clock: { nowMs: () => Date.parse("2026-11-04T00:00:00.000Z"), sleep: async () => undefined } });
    for (const code of ["sync.unreachable", "sync.unreachable", "relay.unavailable"] as const) notes.note(code);
    await notes.settled();
    const found = await inspectStore(database);
    expect(found).toMatchObject({
      identity: { server: "http://model.test", workspaceId, userId: "u1", clientId: null },
      shapes: [{ name: "category", handle: "h1", offset: "10_3", lsn: "99", status: "live" }],
      outbox: { pending: 1, confirmed: 1, rejected: 0, oldestPendingAt: "2026-11-02T00:00:00.000Z", lastSeq: 2 },
      failures: [{ code: "relay.unavailable" }, { code: "sync.unreachable" }],
      checksums: { atCheckpoint: null, recountedAt: null, asked: null, differencesEver: 0, shapes: [] },
    });
    expect(found.outbox.pendingBytes).toBeGreaterThan(10);
    expect(found.outbox.bytes).toBeGreaterThan(found.outbox.pendingBytes);
    expect(found.storeBytes).toBeGreaterThan(10_000);
    expect(found.tables.find(({ name }) => name === "category")).toEqual({ name: "category", rows: 2, pending: 2 });
    expect(found.versions.migrationsApplied).toBe(found.versions.migrationsKnown);
    expect(JSON.stringify(found)).not.toContain(secret);
    await database.close();
  });

  it("works on a database that has none of our tables", async () => {
    const database = await open();
    expect(await inspectStore(database)).toMatchObject({ tables: [], shapes: [], outbox: { pending: 0 }, identity: { server: null } });
    await database.close();
  });
});
