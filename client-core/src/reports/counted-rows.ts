import { sql, type SQL } from "drizzle-orm";

/**
 * The condition on `transaction` rows that count in reports: of the workspace, not a split parent (its children count), and entered by
 * hand or by an import that is complete. Written without `or`, for which SQLite would leave the index on dates.
 */
export function countedRows(workspaceId: string): SQL {
  return sql`"transaction"."workspace_id" = ${workspaceId} and not "transaction"."is_split" and coalesce("transaction"."import_id", '') in
    (select "import"."id" from "import" where "import"."workspace_id" = ${workspaceId} and "import"."status" = 'complete' union all select '')`;
}

/** 1 for a `transaction` row that is a transfer between own accounts by itself, whatever its category; else 0. */
export const ownTransfer = sql`case when "transaction"."kind" = 'transfer' then 1 else 0 end`;

/** The condition on `transaction` rows that are not transfers between own accounts, neither by kind nor by category. Rows without a category are none. */
export function notTransfers(workspaceId: string): SQL {
  return sql`"transaction"."kind" <> 'transfer' and coalesce("transaction"."category_id", '') not in
    (select "category"."id" from "category" where "category"."workspace_id" = ${workspaceId} and "category"."kind" = 'transfer')`;
}

/** Sum of what came in, in minor units. */
export const sumIn = sql`cast(coalesce(sum(case when "transaction"."amount_minor" > 0 then "transaction"."amount_minor" else 0 end), 0) as bigint)`;
/** Sum of what went out as a positive number of minor units. */
export const sumOut = sql`cast(coalesce(sum(case when "transaction"."amount_minor" < 0 then -"transaction"."amount_minor" else 0 end), 0) as bigint)`;
/** Number of rows. */
export const countAll = sql`cast(count(*) as bigint)`;
