import type { Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { countAll, countedRows } from "./counted-rows.ts";
import { readRows, type SqlReader } from "../store/index.ts";

/** All categories of a workspace by name, archived ones too. */
export function listCategories(reader: SqlReader, workspaceId: string): Promise<Row<"category">[]> {
  return readRows(reader, "category", sql`where "workspace_id" = ${workspaceId} order by "name", "id"`);
}

/** All rules of a workspace in the order they are tried, those out of use too. */
export function listRules(reader: SqlReader, workspaceId: string): Promise<Row<"rule">[]> {
  return readRows(reader, "rule", sql`where "workspace_id" = ${workspaceId} order by "position", "id"`);
}

/** How many rows that count have each category. */
export async function countByCategory(reader: SqlReader, workspaceId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await reader.query(sql`
    select "transaction"."category_id", ${countAll} as "row_count" from "transaction"
    where ${countedRows(workspaceId)} and "transaction"."category_id" is not null group by "transaction"."category_id"`);
  return new Map(rows.map((row) => [String(row["category_id"]), Number(row["row_count"])]));
}

/** All accounts of a workspace by name, archived ones too. */
export function listAccounts(reader: SqlReader, workspaceId: string): Promise<Row<"account">[]> {
  return readRows(reader, "account", sql`where "workspace_id" = ${workspaceId} order by "name", "id"`);
}

/** All rates of exchange of a workspace, newest first. */
export async function listRates(reader: SqlReader, workspaceId: string) {
  const rows = await readRows(reader, "exchange_rate", sql`where "workspace_id" = ${workspaceId} order by "on_date" desc, "base", "quote", "id"`);
  return rows.map(({ id, base, quote, onDate, rate, source }) => ({ id, base, quote, onDate, rate, source }));
}

/** All imports of a workspace, newest first, loading and undone ones too. */
export function listImports(reader: SqlReader, workspaceId: string): Promise<Row<"import">[]> {
  return readRows(reader, "import", sql`where "workspace_id" = ${workspaceId} order by "created_at" desc, "id" desc`);
}
