import type { Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { countedRows } from "../reports/counted-rows.ts";
import { readRows, type SqlReader } from "../store/index.ts";
import type { CategoriserRow } from "./features.ts";
import { merchantCode } from "./known-words.ts";

/** Most rows the categoriser of some books learns from, the newest. */
export const learnedRowsMax = 5_000;
/** Most rows without a category that are looked at, the newest. */
export const openRowsMax = 20_000;

/** The rows whose category a person, a file or a rule gave, oldest first. What the categoriser chose itself teaches it nothing. */
export async function readLearnedRows(reader: SqlReader, workspaceId: string): Promise<Row<"transaction">[]> {
  const rows = await readRows(
    reader,
    "transaction",
    sql`where ${countedRows(workspaceId)} and "category_id" is not null and "category_source" in ('person', 'file', 'rule')
      order by "transaction"."posted_on" desc, "transaction"."id" desc limit ${learnedRowsMax}`,
  );
  return rows.toReversed();
}

/** The rows without a category that are income or expenses, newest first. One whose category a person took away is left alone. */
export function readOpenRows(reader: SqlReader, workspaceId: string): Promise<Row<"transaction">[]> {
  return readRows(
    reader,
    "transaction",
    sql`where ${countedRows(workspaceId)} and "category_id" is null and "category_source" <> 'person' and "transaction"."kind" <> 'transfer'
      order by "transaction"."posted_on" desc, "transaction"."id" desc limit ${openRowsMax}`,
  );
}

/** What a category is chosen by. */
export type OpenRow = Pick<Row<"transaction">, "counterpartyName" | "description" | "counterpartyTaxId" | "searchText" | "kind" | "amountMinor">;

/** A transaction as the categoriser sees it. */
export function categoriserRow({ counterpartyName, description, counterpartyTaxId, searchText, kind, amountMinor }: OpenRow): CategoriserRow {
  return { texts: [counterpartyName ?? "", description], codes: [merchantCode(searchText), kind === "ordinary" ? "" : kind, counterpartyTaxId ?? ""], amount: amountMinor };
}
