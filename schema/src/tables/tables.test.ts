import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { migrations as sqliteMigrations } from "../device/migrations/sqlite/index.ts";
import { deviceTables } from "../device/bookkeeping.ts";
import { tableCodec } from "../dialects/codec.ts";
import { serverKey } from "../dialects/pg.ts";
import { shapes } from "../wire/shapes.ts";
import { tableNames, tables } from "./index.ts";

describe("declared tables", () => {
  it("carry the workspace they belong to and their shape's scope column", () => {
    for (const name of tableNames) {
      const table = tables[name];
      expect(Object.keys(table.columns), name).toEqual(expect.arrayContaining([...table.scope.columns]));
      if (name !== "workspace") expect(Object.keys(table.columns), name).toContain("workspaceId");
    }
  });

  it("are keyed by workspace on the server", () => {
    expect(serverKey(tables.transaction)).toEqual(["workspaceId", "id"]);
    expect(serverKey(tables.member)).toEqual(["id"]);
  });

  it("are all registered as shapes", () => {
    expect(shapes.map((shape) => shape.name)).toEqual(tableNames);
  });

  it("are what the SQLite migrations make", () => {
    const database = new Database(":memory:");
    for (const migration of sqliteMigrations) for (const statement of migration.statements) database.exec(statement);
    for (const table of [...Object.values(tables), ...Object.values(deviceTables)]) {
      const made = database.pragma(`table_info("${table.name}")`);
      expect(made, table.name).toEqual(
        tableCodec(table).columns.map((column) => expect.objectContaining({ name: column.sql, notnull: column.declaration.nullable ? 0 : 1 })),
      );
    }
    database.close();
  });
});
