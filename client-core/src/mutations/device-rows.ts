import {
  decodeRecord,
  emptySum,
  rowSchema,
  SaldoError,
  sqlName,
  tableCodec,
  tables,
  type BoundValue,
  type CodecColumn,
  type JsonValue,
  type Row,
  type RowChange,
  type RowStore,
  type TableCodec,
  type TableName,
  type Where,
} from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import type { z } from "zod";
import type { LocalTransaction, MadeRows, SqlRow } from "../store/local-database.ts";
import { changeCollector } from "./change-collector.ts";
import { addMark, type RowEffect } from "./effect.ts";
import { boundOfJson, imageOfStored, imageOfValue, logicalValue, rowBinders, type RowImage } from "./row-image.ts";
import { noMemory, type RowMemory } from "./row-memory.ts";

/** Most effects held in memory before they are written out. */
const effectsInMemoryMax = 5_000;
/** Rows read at a time by the set forms. */
const pageRowsMax = 2_000;

/** The rows of a device as one mutation sees them, and what it did to them. */
export interface DeviceRows extends RowStore {
  /** Inserts rows of an import that were made beforehand. */
  insertMade(table: "transaction", importId: string, rows: MadeRows): Promise<void>;
  /**
   * Writes the effects not yet written. Returns the import whose rows were written without marks, if any, and what the mutation did to
   * each row, null when it cannot be taken back whole.
   */
  finish(): Promise<{ readonly importId: string | null; readonly changes: readonly RowChange[] | null }>;
}

/**
 * The row interface of mutations over a device's transaction: changes the visible rows and records, under the mutation's number, its
 * effects and the server rows they hide. Rows of an import are not recorded one by one: the outbox entry names the import. What is in `memory` is not read
 * again.
 */
export function deviceRows(transaction: LocalTransaction, workspaceId: string, seq: number, memory: RowMemory = noMemory): DeviceRows {
  const recorder = effectRecorder(transaction, seq);
  const changes = changeCollector();
  let importId: string | null = null;

  const select = (table: TableName, condition: SQL, tail: SQL = sql``) =>
    transaction.query(sql`select * from ${sql.identifier(table)} where ${condition} and ${inWorkspace(table, workspaceId)} ${tail}`);
  const byId = (id: string) => sql`"id" = ${id}`;
  const matching = <Name extends TableName>(table: Name, where: Where<Name>) => conditionOf(table, where, transaction.dialect);

  /** Calls back with each page of matching rows, in order of their ids. */
  const eachPage = async (table: TableName, condition: SQL, visit: (rows: readonly SqlRow[]) => Promise<void>) => {
    let after = "";
    for (;;) {
      const page = await select(table, sql`${condition} and "id" > ${after}`, sql`order by "id" limit ${sql.raw(String(pageRowsMax))}`);
      if (page.length > 0) await visit(page);
      if (page.length < pageRowsMax) return;
      after = idOf(page.at(-1));
    }
  };

  const change = async (table: TableName, condition: SQL, patch: object) => {
    memory.forget(table);
    const { assignments, image } = patchOf(table, patch, transaction.dialect);
    let found = 0;
    if (assignments.length === 0) return (await select(table, condition)).length;
    await eachPage(table, condition, async (page) => {
      found += page.length;
      for (const row of page) {
        changes.add({ table, rowId: idOf(row), kind: "patch", patch: image }, row);
        await recorder.add({ table, rowId: idOf(row), kind: "patch", patch: image }, row);
      }
    });
    if (found === 0) return 0;
    await transaction.execute(
      sql`update ${sql.identifier(table)} set ${sql.join(assignments, sql`, `)} where ${condition} and ${inWorkspace(table, workspaceId)}`,
      [table],
    );
    return found;
  };

  const drop = async (table: TableName, condition: SQL) => {
    memory.forget(table);
    let found = 0;
    await eachPage(table, condition, async (page) => {
      found += page.length;
      for (const row of page) {
        changes.add({ table, rowId: idOf(row), kind: "remove", patch: {} }, row);
        await recorder.add({ table, rowId: idOf(row), kind: "remove", patch: {} }, row);
      }
    });
    if (found === 0) return;
    await transaction.execute(sql`delete from ${sql.identifier(table)} where ${condition} and ${inWorkspace(table, workspaceId)}`, [table]);
  };

  const write = async <Name extends TableName>(table: Name, rows: readonly Row<Name>[]) => {
    memory.forget(table);
    const codec = tableCodec(tables[table]);
    const columns = codec.columns.map((column) => column.sql);
    const written = await transaction.insertRows(table, columns, boundRows(codec, rows, transaction.dialect), "ignore");
    if (written !== rows.length) throw new SaldoError("mutation.row_exists", { table });
  };

  return {
    async get(table, id) {
      const [row] = await memory.rows(table, id, () => select(table, byId(id)));
      return row && decodeRow(table, row);
    },
    async list(table, where) {
      return (await memory.rows(table, JSON.stringify(where), () => select(table, matching(table, where)))).map((row) => decodeRow(table, row));
    },
    async count(table, where) {
      const condition = sql`${matching(table, where)} and ${inWorkspace(table, workspaceId)}`;
      const [row] = await transaction.query(sql`select count(*) as "rows" from ${sql.identifier(table)} where ${condition}`);
      return Number(row?.["rows"] ?? 0);
    },
    async distinct(table, key, where) {
      const column = sql.identifier(sqlName(key));
      const rows = await transaction.query(sql`select distinct ${column} as "value" from ${sql.identifier(table)} where ${matching(table, where)} and ${inWorkspace(table, workspaceId)}`);
      return rows.map(({ value }) => (typeof value === "string" ? value : null));
    },
    async insert(table, row) {
      await write(table, [row]);
      const effect: RowEffect = { table, rowId: idOf({ ...row }), kind: "insert", patch: imageOfRow(table, row) };
      changes.add(effect, null);
      await recorder.add(effect, null);
    },
    async insertMany(table, rows) {
      const [first] = rows;
      if (!first) return;
      changes.giveUp();
      await write(table, rows);
      if ("importId" in first && typeof first.importId === "string") {
        importId = first.importId;
        return;
      }
      for (const row of rows) await recorder.add({ table, rowId: idOf({ ...row }), kind: "insert", patch: imageOfRow(table, row) }, null);
    },
    async insertMade(table, madeOf, rows) {
      changes.giveUp();
      await transaction.insertMade(table, workspaceId, rows);
      importId = madeOf;
    },
    async patch(table, id, patch) {
      if ((await change(table, byId(id), patch)) === 0) throw new SaldoError("mutation.row_missing", { table });
    },
    async patchMany(table, where, patch) {
      await change(table, matching(table, where), patch);
    },
    remove: (table, id) => drop(table, byId(id)),
    async removeMany(table, where) {
      const leaving = await leavingImportOf(transaction, table, where);
      if (leaving === undefined) return drop(table, matching(table, where));
      // Rows of an import the server has not closed carry no marks, and take none to go: a cancelled import of any size goes in one statement.
      changes.giveUp();
      importId = leaving;
      await drop(table, sql`${matching(table, where)} and "id" in (select "row_id" from "sync_base" where "table_name" = ${table})`);
      await transaction.execute(sql`delete from ${sql.identifier(table)} where ${matching(table, where)} and ${inWorkspace(table, workspaceId)}`, [table]);
      await forgetSum(transaction, table);
    },
    async finish() {
      await recorder.flush();
      return { importId, changes: changes.collected() };
    },
  };
}

/** The import named by a condition on its rows alone, while some of its own changes wait to be sent. */
async function leavingImportOf(transaction: LocalTransaction, table: TableName, where: object): Promise<string | undefined> {
  const [[key, value] = [], ...others] = entriesOf(where);
  if (table !== "transaction" || key !== "importId" || typeof value !== "string" || others.length > 0) return undefined;
  const waiting = await transaction.query(sql`select 1 from "sync_outbox" where "status" = 'pending' and "import_id" = ${value} limit 1`);
  return waiting.length > 0 ? value : undefined;
}

/**
 * Begins the sum of a table's rows anew. The server may have any part of what went without marks, so when it removes them here nothing is left to
 * take out of the sum; rows are counted again once the server has answered.
 */
async function forgetSum(transaction: LocalTransaction, table: TableName): Promise<void> {
  const { rows, sum } = emptySum;
  await transaction.execute(
    sql`update "sync_sum" set "rows" = null, "sum" = null, "through" = '', "read_rows" = ${rows}, "read_sum" = ${sum} where "name" = ${table}`,
    ["sync_sum"],
  );
}

const effectColumns = ["seq", "position", "table_name", "row_id", "kind", "patch"];
const baseColumns = ["table_name", "row_id", "row"];

/** Collects effects and hidden server rows of one mutation, and writes them in bulk. The first image of a row is the one that stays. */
function effectRecorder(transaction: LocalTransaction, seq: number) {
  let position = 0;
  let effects: BoundValue[][] = [];
  let bases: BoundValue[][] = [];
  const flush = async () => {
    await transaction.insertRows("sync_effect", effectColumns, effects, "fail");
    await transaction.insertRows("sync_base", baseColumns, bases, "ignore");
    effects = [];
    bases = [];
  };
  return {
    flush,
    async add({ table, rowId, kind, patch }: RowEffect, before: SqlRow | null) {
      effects.push([seq, position++, table, rowId, kind, JSON.stringify(patch)]);
      bases.push([table, rowId, before === null ? null : JSON.stringify(imageOfStored(tableCodec(tables[table]), before))]);
      if (effects.length >= effectsInMemoryMax) await flush();
    },
  };
}

/** A table's rows that belong to the workspace; rows of another do not exist here. */
function inWorkspace(table: TableName, workspaceId: string): SQL {
  const column = table === "workspace" ? "id" : "workspaceId";
  return column in tables[table].columns ? sql`${sql.identifier(sqlName(column))} = ${workspaceId}` : sql`true`;
}

function conditionOf(table: TableName, where: object, dialect: LocalTransaction["dialect"]): SQL {
  const codec = tableCodec(tables[table]);
  const conditions = entriesOf(where).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const column = columnOf(codec, key);
    const name = sql.identifier(column.sql);
    return [value === null ? sql`${name} is null` : sql`${name} = ${boundOfJson(column, imageOfValue(logicalValue(value)), dialect)}`];
  });
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

function patchOf(table: TableName, patch: object, dialect: LocalTransaction["dialect"]): { assignments: SQL[]; image: RowImage } {
  const codec = tableCodec(tables[table]);
  const image: Record<string, JsonValue> = {};
  const assignments: SQL[] = [];
  for (const [key, value] of entriesOf(patch)) {
    if (value === undefined) continue;
    const column = columnOf(codec, key);
    const name = sql.identifier(column.sql);
    const added = addendOf(column, value);
    if (added === undefined) {
      const json = imageOfValue(logicalValue(value));
      image[key] = json;
      assignments.push(sql`${name} = ${boundOfJson(column, json, dialect)}`);
    } else {
      image[addMark + key] = added;
      assignments.push(sql`${name} = ${name} + ${added}`);
    }
  }
  return { assignments, image };
}

const numbers: ReadonlySet<string> = new Set(["integer", "money", "real"]);

function addendOf(column: CodecColumn, value: unknown): number | undefined {
  if (!numbers.has(column.declaration.type) || typeof value !== "object" || value === null || !("add" in value)) return undefined;
  return typeof value.add === "number" ? value.add : undefined;
}

function entriesOf(record: object): [string, unknown][] {
  return Object.entries(record);
}

function columnOf(codec: TableCodec, key: string): CodecColumn {
  const column = codec.byKey.get(key);
  if (!column) throw new TypeError(`${codec.table} has no column ${key}`);
  return column;
}

/** Rows as a driver of a dialect binds them, their columns in the codec's order. */
export function boundRows(codec: TableCodec, rows: readonly object[], dialect: LocalTransaction["dialect"]): BoundValue[][] {
  const binders = rowBinders(codec, dialect);
  const keys = codec.columns.map((column) => column.key);
  return rows.map((row) => {
    const record: Readonly<Record<string, unknown>> = { ...row };
    return binders.map((bind, index) => bind(record[keys[index] ?? ""]));
  });
}

function imageOfRow(table: TableName, row: object): RowImage {
  const image: Record<string, JsonValue> = {};
  for (const [key, value] of entriesOf(row)) {
    columnOf(tableCodec(tables[table]), key);
    image[key] = imageOfValue(logicalValue(value));
  }
  return image;
}

function decodeRow<Name extends TableName>(table: Name, stored: SqlRow): Row<Name> {
  const row = decodedRows.get(stored) ?? decodeRecord(tableCodec(tables[table]), stored);
  if (!isRowOf(table, row)) throw new TypeError(`a stored row of ${table} is not of its declaration`);
  decodedRows.set(stored, row);
  checkedRows.set(row, table);
  return row;
}

/** What stored rows hold, while a memory keeps them, and which are known to be of their declaration. */
const decodedRows = new WeakMap<SqlRow, ReturnType<typeof decodeRecord>>();
const checkedRows = new WeakMap<object, TableName>();

/** Made once: zod compiles a schema the first time it parses. */
const rowSchemas = new Map<TableName, z.ZodType>();

function isRowOf<Name extends TableName>(table: Name, value: object): value is Row<Name> {
  if (checkedRows.get(value) === table) return true;
  let schema = rowSchemas.get(table);
  if (!schema) rowSchemas.set(table, (schema = rowSchema(table)));
  return schema.safeParse(value).success;
}

function idOf(row: SqlRow | undefined): string {
  const id = row?.["id"];
  if (typeof id !== "string") throw new TypeError("the row has no id");
  return id;
}
