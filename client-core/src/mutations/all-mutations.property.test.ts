import { canonicalJson, decodeRecord, SaldoError, tableCodec, tableNames, tables, type JsonValue, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emptyPglite } from "../../../deploy/testing/pglite.ts";
import { openBetterSqlite3 } from "../store/drivers/better-sqlite3.ts";
import { openPglite } from "../store/drivers/pglite.ts";
import type { LocalDatabase } from "../store/local-database.ts";
import { openStore } from "../store/migrate.ts";
import { recordMutation } from "./record.ts";
import { imageOfValue } from "./row-image.ts";
import { editNames, editOf, firstImport, judgedRows, type Edit } from "./testing/edits.ts";

const isDeep = process.env["SALDO_TEST_DEEP"] === "1";
const runsOfProperty = isDeep ? 1_000 : 40;
/** Some mutations are seldom possible: what no run accepted is looked for in so many more. */
const moreRunsMax = 400;
const testTimeoutMs = isDeep ? 1_200_000 : 600_000;
/** What every run begins with: rows of each kind, for later edits to change. */
const makers = editNames.filter((name) => name.endsWith(".create") || name === "job.request");
const recordedAt = "2026-01-01T00:00:00.000Z";
let sqlite: LocalDatabase;
let pglite: LocalDatabase;
let runs = 0;

beforeAll(async () => {
  sqlite = await openStore(openBetterSqlite3({ path: ":memory:" }));
  pglite = await openStore(openPglite(await emptyPglite()));
});
afterAll(async () => {
  await sqlite.close();
  await pglite.close();
});

/** Rows of one run's workspace, in canonical form; tables without any are left out. */
async function rowsOf(database: LocalDatabase, workspaceId: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const name of tableNames) {
    const rows = await rowsOfTable(database, name, workspaceId);
    if (rows.length > 0) found[name] = rows;
  }
  return found;
}

async function rowsOfTable(database: LocalDatabase, name: TableName, workspaceId: string): Promise<string[]> {
  const scope = name === "workspace" ? "id" : "workspace_id";
  const rows = await database.query(sql`select * from ${sql.identifier(name)} where ${sql.identifier(scope)} = ${workspaceId} order by "id"`);
  return rows.map((row) => canonicalJson(Object.fromEntries(Object.entries(decodeRecord(tableCodec(tables[name]), row)).map(([key, value]): [string, JsonValue] => [key, imageOfValue(value)]))));
}

/** The code an edit is refused with, or null. */
async function outcome(database: LocalDatabase, edit: Edit, workspaceId: string): Promise<string | null> {
  try {
    await recordMutation(database, edit.name, edit.args, { workspaceId, userId: "u", recordedAt });
    return null;
  } catch (error) {
    if (error instanceof SaldoError) return error.code;
    throw error;
  }
}

/** Split transactions whose parts do not add up to them, and parts whose whole is not split or not there. */
async function brokenSplits(database: LocalDatabase, workspaceId: string): Promise<readonly unknown[]> {
  const own = sql`"transaction"."workspace_id" = ${workspaceId}`;
  const wholes = await database.query(sql`
    select "id" from "transaction" where ${own} and "is_split" and "amount_minor" <> coalesce(
      (select sum("part"."amount_minor") from "transaction" as "part" where "part"."workspace_id" = ${workspaceId} and "part"."parent_id" = "transaction"."id"), 0)`);
  const parts = await database.query(sql`
    select "id" from "transaction" where ${own} and "parent_id" is not null and "parent_id" not in
      (select "whole"."id" from "transaction" as "whole" where "whole"."workspace_id" = ${workspaceId} and "whole"."is_split")`);
  return [...wholes, ...parts];
}

it("gives the same rows and the same refusals on SQLite and PGlite", async () => {
  const accepted = new Set<string>();
  const command = fc.record({ name: fc.constantFrom(...editNames), picks: fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }) });
  const commandsOfRun = fc.array(command, { minLength: 20, maxLength: 60 });
  const missing = () => editNames.filter((name) => !accepted.has(name));
  const giveTheSame = async (commands: readonly { readonly name: (typeof editNames)[number]; readonly picks: readonly number[] }[]) => {
    const workspaceId = `w${runs++}`;
    const making = makers.flatMap((name, index) => commands.slice(index, index + 1).map(({ picks }) => ({ name, picks })));
    const edits = [...firstImport(workspaceId), ...[...making, ...commands].map(({ name, picks }, step) => {
      let at = 0;
      return editOf(name, (below) => (picks[at++ % picks.length] ?? 0) % below, workspaceId, step);
    })];
    for (const database of [sqlite, pglite]) {
      const workspace = { id: workspaceId, name: "W", currency: "EUR", locale: "en", plan: "trial", created_at: recordedAt };
      await database.transaction(async (transaction) => {
        for (const { table, row } of [{ table: "workspace", row: workspace }, ...judgedRows(workspaceId, workspaceId)]) await transaction.insertRows(table, Object.keys(row), [Object.values(row)], "fail");
      });
    }
    for (const edit of edits) {
      const [one, other] = [await outcome(sqlite, edit, workspaceId), await outcome(pglite, edit, workspaceId)];
      expect(other, edit.name).toBe(one);
      if (one === null) accepted.add(edit.name);
    }
    expect(await brokenSplits(sqlite, workspaceId)).toEqual([]);
    expect(await rowsOf(pglite, workspaceId)).toEqual(await rowsOf(sqlite, workspaceId));
  };
  await fc.assert(fc.asyncProperty(commandsOfRun, giveTheSame), { numRuns: runsOfProperty });
  for (const commands of fc.sample(commandsOfRun, runsOfProperty + moreRunsMax).slice(runsOfProperty)) {
    if (missing().length === 0) break;
    await giveTheSame(commands);
  }
  expect(missing(), "mutations no run accepted").toEqual([]);
}, testTimeoutMs);
