import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it } from "vitest";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import type { LocalDatabase } from "../store/local-database.ts";
import { openStore } from "../store/migrate.ts";
import { byId, category, modelDevices } from "./testing/model-devices.ts";
import { RelayModel } from "./testing/relay-model.ts";

const devices = modelDevices();
afterEach(devices.close);

describe("ends of a session", () => {
  it("says who has to sign in, and keeps the outbox", async () => {
    const model = new RelayModel();
    model.isSignedIn = false;
    const a = await devices.inMemory(model);
    await a.record("category.create", category("food"));
    await expect(a.client.syncOnce()).rejects.toMatchObject({ code: "auth.required" });
    a.client.start();
    expect(await a.until(({ state }) => state === "signed_out")).toMatchObject({ pendingChanges: 1 });
    model.isSignedIn = true;
    a.client.start();
    await a.until(({ state, pendingChanges }) => state === "saved" && pendingChanges === 0);
  });

  it("says when membership is lost, and keeps the outbox", async () => {
    const model = new RelayModel();
    const a = await devices.inMemory(model);
    await a.client.syncOnce();
    model.isMember = false;
    await a.record("category.create", category("food"));
    await expect(a.client.syncOnce()).rejects.toMatchObject({ code: "workspace.not_found" });
    expect(await a.database.query(sql`select "status" from "sync_outbox"`)).toEqual([{ status: "pending" }]);
  });

  it("fails at once when the server cannot be reached", async () => {
    const a = await devices.inMemory(new RelayModel(), { fetch: () => Promise.reject(new TypeError("no network")) });
    await expect(a.client.syncOnce()).rejects.toMatchObject({ code: "sync.unreachable" });
  });

  it("ends only when no checkpoint is being applied any more", async () => {
    const model = new RelayModel();
    // Reads of a store on disk do not wait for its writer.
    const folder = await mkdtemp(path.join(tmpdir(), "saldo-sync-"));
    const inner = await openStore(openBetterSqlite3({ path: path.join(folder, "store.db") }));
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let applying: () => void = () => undefined;
    const isApplying = new Promise<void>((resolve) => (applying = resolve));
    let applied = false;
    const database: LocalDatabase = {
      dialect: inner.dialect,
      keepsRollups: inner.keepsRollups,
      takesMadeRows: inner.takesMadeRows,
      readsJson: inner.readsJson,
      endedUnclean: inner.endedUnclean,
      suspect: () => inner.suspect(),
      inBackground: () => database,
      query: (statement) => inner.query(statement),
      snapshot: (work) => inner.snapshot(work),
      onCommit: (listener) => inner.onCommit(listener),
      close: () => inner.close(),
      async transaction(work) {
        let isCheckpoint = false;
        const result = await inner.transaction((transaction) =>
          work({
            dialect: transaction.dialect,
            keepsRollups: transaction.keepsRollups,
            query: (statement) => transaction.query(statement),
            savepoint: (part) => transaction.savepoint(part),
            execute: (statement, changes) => transaction.execute(statement, changes),
            insertMade: (table, workspaceId, made) => transaction.insertMade(table, workspaceId, made),
            async insertRows(table, columns, rows, onConflict) {
              if (table === "sync_shape") {
                isCheckpoint = true;
                applying();
                await held;
              }
              return transaction.insertRows(table, columns, rows, onConflict);
            },
          }),
        );
        applied ||= isCheckpoint;
        return result;
      },
    };
    const a = await devices.over(model, database);
    a.client.start();
    await isApplying;
    const stopped = a.client.stop().then(() => applied);
    setImmediate(letGo);
    expect(await stopped).toBe(true);
    await rm(folder, { recursive: true, force: true });
  });

  it("goes on after the notify stream was cut", async () => {
    const model = new RelayModel();
    const [a, b] = [await devices.inMemory(model), await devices.inMemory(model)];
    a.client.start();
    b.client.start();
    await b.until(({ state }) => state === "saved");
    model.endStreams();
    await a.record("category.create", category("food"));
    await b.untilRow(byId("category", "food"));
  });
});
