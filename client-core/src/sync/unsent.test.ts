import { isMutationName, systemIds } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { z } from "zod";
import { recordMutation } from "../mutations/record.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openStore, type LocalDatabase } from "../store/index.ts";
import { countUnsent, exportUnsent } from "./unsent.ts";
import { bindWorkspace } from "./workspace.ts";

const workspaceId = "01a20668-0000-7000-8000-000000000001";
const context = { workspaceId, userId: "u1", recordedAt: "2026-11-01T10:00:00.000Z" };
const exported = z.object({ changes: z.array(z.object({ mutation: z.string(), arguments: z.unknown() })) });

async function device(): Promise<LocalDatabase> {
  const database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  await bindWorkspace(database, { workspaceId, userId: "u1", serverUrl: "http://model.test" });
  return database;
}

async function textOf(database: LocalDatabase): Promise<{ readonly text: string; readonly changes: number }> {
  let text = "";
  const changes = await exportUnsent(database, "2026-11-02T00:00:00.000Z", async (piece) => void (text += piece));
  return { text, changes };
}

it("unsent changes can be read by a person and recorded again elsewhere to the same rows", async () => {
  const ids = systemIds();
  const one = await device();
  const account = ids.next();
  await recordMutation(one, "account.create", { id: account, name: "Касса", currency: "RUB", number: null, createdAt: context.recordedAt }, context);
  for (let index = 0; index < 9; index++) {
    await recordMutation(one, "category.create", { id: ids.next(), name: `Категория ${index} ${"x".repeat(index * 9)}`, kind: "expense", createdAt: context.recordedAt }, context);
  }
  await recordMutation(one, "account.rename", { accountId: account, name: "Сейф" }, context);
  const { text, changes } = await textOf(one);
  expect([changes, await countUnsent(one)]).toEqual([11, 11]);
  expect(JSON.parse(text)).toMatchObject({ format: "saldo-unsent-changes", formatVersion: 1, workspaceId, userId: "u1", serverUrl: "http://model.test" });
  expect(text).toContain('"name":"Сейф"');
  const other = await device();
  for (const { mutation, arguments: args } of exported.parse(JSON.parse(text)).changes) {
    if (!isMutationName(mutation)) throw new Error(mutation);
    await recordMutation(other, mutation, args, context);
  }
  for (const table of ["account", "category"]) {
    const rows = (database: LocalDatabase) => database.query(sql`select * from ${sql.identifier(table)} order by "id"`);
    expect(await rows(other)).toEqual(await rows(one));
  }
});

it("what was sent is not among them, and a body that cannot be read is given as it is", async () => {
  const ids = systemIds();
  const database = await device();
  for (const name of ["a", "b", "c"]) await recordMutation(database, "category.create", { id: ids.next(), name, kind: "expense", createdAt: context.recordedAt }, context);
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`update "sync_outbox" set "status" = 'confirmed' where "seq" = 1`, []);
    await transaction.execute(sql`update "sync_outbox" set "encoding" = 'deflate' where "seq" = 3`, []);
  });
  const { text, changes } = await textOf(database);
  expect(changes).toBe(2);
  expect(JSON.parse(text)).toMatchObject({ changes: [{ seq: 2, arguments: { name: "b" } }, { seq: 3, unreadable: true, encoding: "deflate" }] });
});

it("a store with nothing to send gives a file that says so", async () => {
  const { text, changes } = await textOf(await device());
  expect(changes).toBe(0);
  expect(JSON.parse(text)).toMatchObject({ changes: [] });
});
