import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { openPglite } from "@saldo/client-core/store/pglite";
import { someInstant, testDevice } from "@saldo/client-core/sync/testing";
import { tableCodec, tableNames, tables, type ColumnDeclaration, type LogicalType } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPglite } from "../testing/pglite.ts";
import { createTestDatabase, type TestDatabase } from "../testing/postgres.ts";
import { runRelay, type RunningRelay } from "./running-relay.ts";

let database: TestDatabase;
let storageDir: string;
let relay: RunningRelay;

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(path.join(tmpdir(), "saldo-sums-"));
  relay = await runRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}` });
});

afterAll(async () => {
  await relay.close();
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
});

const letters = "Съешь ещё этих мягких булок 😀, da выпей чаю, \"'\\\n";
const reals = [0, -0, 1e-7, 0.1, 1e21, -123.456, 5e-324];
const values: Readonly<Record<LogicalType, (index: number) => unknown>> = {
  id: (index) => `id-${index}`,
  text: (index) => letters.slice(0, index % letters.length),
  integer: (index) => index * (index % 2 ? 1 : -1),
  money: (index) => index * 1_000_000_007,
  real: (index) => reals[index % reals.length],
  boolean: (index) => index % 2 === 0,
  date: () => "2026-01-02",
  instant: () => someInstant,
  json: (index) => JSON.stringify({ a: index, b: letters }),
  bytes: (index) => Buffer.from([index, 0, 255]),
};
const valueOf = ({ type, nullable, values: allowed }: ColumnDeclaration, index: number) =>
  nullable && index % 3 === 0 ? null : (allowed?.[index % allowed.length] ?? values[type](index));

/** Rows of every kind in every table of the workspace, written past the product. */
async function fill(workspaceId: string): Promise<void> {
  for (const name of tableNames) {
    if (tables[name].scope.kind !== "workspace" || name === "workspace" || name === "member") continue;
    const { columns } = tableCodec(tables[name]);
    const rows = Array.from({ length: 60 }, (_, index) =>
      columns.map(({ key, declaration }) => (key === "id" ? `${name}-${index}` : key === "workspaceId" ? workspaceId : valueOf(declaration, index))),
    );
    const places = rows.map((row, at) => `(${row.map((_, column) => `$${at * columns.length + column + 1}`).join()})`);
    await relay.sql(`insert into "${name}" (${columns.map((column) => `"${column.sql}"`).join()}) values ${places.join()}`, rows.flat());
  }
}

describe("sums of rows", () => {
  it("are the same in Postgres, SQLite and PGlite, and find one letter that differs", async () => {
    const bearer = await relay.signUp();
    const [workspace] = await relay.sql("select id from workspace");
    await fill(String(workspace?.["id"]));
    for (const opened of [openBetterSqlite3({ path: ":memory:" }), openPglite(await emptyPglite())]) {
      const device = await testDevice(opened, relay.url, { bearer });
      try {
        device.client.start();
        await device.until(({ state }) => state === "saved");
        expect(await device.client.verify()).toEqual({ same: [...tableNames], different: [], unknown: [] });
        await device.database.transaction((tx) => tx.execute(sql`update "note_update" set "report_id" = 'id-8' where "id" = 'note_update-7'`, []));
        expect(await device.client.verify()).toMatchObject({ different: ["note_update"], unknown: [] });
        await device.untilRow(sql`select 1 as "one" from "note_update" where "id" = 'note_update-7' and "report_id" = 'id-7'`);
      } finally {
        await device.close();
      }
    }
  });
});
