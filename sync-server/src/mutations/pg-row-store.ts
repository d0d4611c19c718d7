import {
  decodeRecord,
  rowSchema,
  SaldoError,
  toBound,
  type LogicalValue,
  type MutationContext,
  type Patch,
  type Row,
  type RowStore,
  type TableName,
  type Where,
} from "@saldo/schema";
import { queueJobStatement } from "@saldo/schema/server";
import type pg from "pg";
import type { z } from "zod";
import { bulkInsert, singleInsert, type BoundStatement } from "./bulk-insert.ts";
import { keptStatement } from "./kept-statement.ts";
import { asLogical } from "./logical.ts";
import { columnOf, tableSql, type TableSql } from "./table-sql.ts";

/** Most rows one `list` reads. */
export const listRowsMax = 100_000;

const rowSchemas = new Map<TableName, z.ZodType>();

/** The part of a connection the store needs. */
export type Queryable = Pick<pg.ClientBase, "query">;

/** Who the rows are seen by: on the relay there is always a person. */
export interface ServerMutationContext extends MutationContext {
  readonly userId: string;
}

/**
 * The rows of one workspace over Postgres, inside the caller's transaction. Every statement names the workspace; rows that are a person's
 * own (member, client, rejection) also name the person. Who a row belongs to cannot be changed, and rights and devices cannot be written.
 *
 * Throws `SaldoError`: `mutation.row_missing`, `mutation.row_exists`, `mutation.not_permitted` (a table or key a mutation may not write).
 */
export function createPgRowStore(connection: Queryable, context: ServerMutationContext): RowStore {
  const run = (statement: BoundStatement) => connection.query(statement.text, [...statement.values]);
  return {
    async get(table, id) {
      const sql = tableSql(table);
      const { text, values } = selectWhere(sql, context, { id }, sql.columns);
      const found = await connection.query<Record<string, unknown>>(keptStatement(text, values));
      const record = found.rows[0];
      return record === undefined ? undefined : readRow(table, sql, record);
    },
    async list(table, where) {
      const sql = tableSql(table);
      const { text, values } = selectWhere(sql, context, where, sql.columns);
      const found = await connection.query<Record<string, unknown>>(`${text} order by "id" limit ${listRowsMax + 1}`, values);
      if (found.rows.length > listRowsMax) throw new SaldoError("mutation.invalid_arguments", { listRowsMax });
      return found.rows.map((record) => readRow(table, sql, record));
    },
    async count(table, where) {
      const { text, values } = selectWhere(tableSql(table), context, where, "count(*)::int as count");
      const found = await connection.query<{ count: number }>(text, values);
      return found.rows[0]?.count ?? 0;
    },
    async distinct(table, key, where) {
      const sql = tableSql(table);
      const { text, values } = selectWhere(sql, context, where, `distinct ${columnOf(sql, key).quoted} as "value"`);
      const found = await connection.query<{ value: string | null }>(text, values);
      return found.rows.map(({ value }) => value);
    },
    async insert(table, row) {
      const sql = writable(table, "insert");
      requireOwn(row, context);
      const { text, values } = singleInsert(sql, row);
      const result = await connection.query(keptStatement(text, values));
      if (result.rowCount !== 1) throw new SaldoError("mutation.row_exists", { table });
      if (table === "job") await queueJob(connection, context, row.id);
    },
    async insertMany(table, rows) {
      if (rows.length === 0) return;
      const sql = writable(table, "insert");
      if (table === "job") throw new SaldoError("mutation.not_permitted", { table });
      for (const row of rows) requireOwn(row, context);
      const result = await run(bulkInsert(sql, rows));
      if (result.rowCount !== rows.length) throw new SaldoError("mutation.row_exists", { table });
    },
    async patch(table, id, patch) {
      const changed = await update(connection, context, table, { id }, patch);
      if (changed === 0) throw new SaldoError("mutation.row_missing", { table });
      if (table === "job" && asksAgain(patch)) await queueJob(connection, context, id);
    },
    async patchMany(table, where, patch) {
      await update(connection, context, table, where, patch);
    },
    async remove(table, id) {
      await removeWhere(connection, context, table, { id });
    },
    async removeMany(table, where) {
      await removeWhere(connection, context, table, where);
    },
  };
}

function readRow<Name extends TableName>(name: Name, sql: TableSql, record: Readonly<Record<string, unknown>>): Row<Name> {
  const row = decodeRecord(sql.codec, record);
  if (!isRowOf(name, row)) throw new TypeError(`a stored row of ${name} is not of its declaration`);
  return row;
}

function isRowOf<Name extends TableName>(name: Name, value: unknown): value is Row<Name> {
  let schema = rowSchemas.get(name);
  if (!schema) rowSchemas.set(name, (schema = rowSchema(name)));
  return schema.safeParse(value).success;
}

function writable(table: TableName, right: "insert" | "change" | "remove"): TableSql {
  const sql = tableSql(table);
  if (!sql.rights[right]) throw new SaldoError("mutation.not_permitted", { table });
  return sql;
}

function requireOwn(row: Readonly<Record<string, unknown>>, context: ServerMutationContext): void {
  if (row["workspaceId"] !== context.workspaceId) throw new SaldoError("mutation.not_permitted", { column: "workspace_id" });
}

/** `where` of a statement: the scope first, then equality with each named column; null is matched as null. */
function condition(sql: TableSql, context: ServerMutationContext, where: Readonly<Record<string, LogicalValue>>) {
  const values: unknown[] = sql.scopedByUser ? [context.workspaceId, context.userId] : [context.workspaceId];
  const parts = [sql.scope];
  for (const [key, value] of Object.entries(where)) {
    const column = columnOf(sql, key);
    if (value === null) parts.push(`${column.quoted} is null`);
    else parts.push(`${column.quoted} = $${values.push(toBound(column.type, value, "postgres"))}`);
  }
  return { text: parts.join(" and "), values };
}

function selectWhere<Name extends TableName>(sql: TableSql, context: ServerMutationContext, where: Where<Name> | { readonly id: string }, columns: string) {
  const { text, values } = condition(sql, context, definedEntries(where));
  return { text: `select ${columns} from ${sql.table} where ${text}`, values };
}

async function update<Name extends TableName>(
  connection: Queryable,
  context: ServerMutationContext,
  table: Name,
  where: Where<Name> | { readonly id: string },
  patch: Patch<Name>,
): Promise<number> {
  const sql = writable(table, "change");
  const { text, values } = condition(sql, context, definedEntries(where));
  const sets = Object.entries<unknown>(patch).flatMap(([key, change]) => (change === undefined ? [] : [assignment(sql, key, change, values)]));
  // A patch of nothing still asks whether the row is there.
  const statement = sets.length === 0 ? `select 1 from ${sql.table} where ${text} for update` : `update ${sql.table} set ${sets.join(", ")} where ${text}`;
  const result = await connection.query(keptStatement(statement, values));
  return result.rowCount ?? 0;
}

function assignment(sql: TableSql, key: string, change: unknown, values: unknown[]): string {
  if (sql.ownershipKeys.has(key)) throw new SaldoError("mutation.not_permitted", { column: key });
  const column = columnOf(sql, key);
  const numeric = column.type === "integer" || column.type === "money" || column.type === "real";
  if (numeric && isAddition(change)) return `${column.quoted} = ${column.quoted} + $${values.push(change.add)}`;
  return `${column.quoted} = $${values.push(toBound(column.type, asLogical(change), "postgres"))}`;
}

function isAddition(change: unknown): change is { readonly add: number } {
  return typeof change === "object" && change !== null && "add" in change && typeof change.add === "number";
}

async function removeWhere<Name extends TableName>(
  connection: Queryable,
  context: ServerMutationContext,
  table: Name,
  where: Where<Name> | { readonly id: string },
): Promise<void> {
  const sql = writable(table, "remove");
  const { text, values } = condition(sql, context, definedEntries(where));
  await connection.query(`delete from ${sql.table} where ${text}`, values);
}

/** True when a patch starts a job's next attempt. */
function asksAgain(patch: Readonly<Record<string, unknown>>): boolean {
  return patch["status"] === "requested";
}

/** A job row's way to the queue starts in the same transaction; listeners of `saldo_job` hear of it when it commits. */
async function queueJob(connection: Queryable, { workspaceId }: ServerMutationContext, jobId: string | null): Promise<void> {
  await connection.query(queueJobStatement, [workspaceId, jobId]);
}

function definedEntries(where: Readonly<Record<string, unknown>>): Record<string, LogicalValue> {
  const defined: Record<string, LogicalValue> = {};
  for (const [key, value] of Object.entries(where)) if (value !== undefined) defined[key] = asLogical(value);
  return defined;
}
