import { minorFromDatabase } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { countedRows, sumIn, sumOut } from "../reports/counted-rows.ts";
import type { SqlReader } from "../store/index.ts";
import type { ExportFormat, ExportRow, ExportStatement } from "./model.ts";

/** Which rows of the books are exported. */
export interface ExportFilter {
  readonly workspaceId: string;
  readonly from?: string;
  readonly to?: string;
}

/** The statements of the books and how to read the rows of each. */
export interface BookExport {
  readonly statements: readonly ExportStatement[];
  readonly rowsOf: (statement: ExportStatement) => AsyncGenerator<readonly ExportRow[], void, void>;
}

const batchRows = 2_000;

const statementRow = z.object({
  account_id: z.string(),
  account: z.string(),
  currency: z.string(),
  first: z.string(),
  last: z.string(),
  in_minor: z.unknown().transform(minorFromDatabase),
  out_minor: z.unknown().transform(minorFromDatabase),
});

const exportedRow = z
  .object({
    id: z.string(),
    posted_on: z.string(),
    amount_minor: z.unknown().transform(minorFromDatabase),
    description: z.string(),
    counterparty_name: z.string().nullable(),
    category: z.string().nullable(),
    bank_id: z.string().nullable(),
    counterparty_account: z.string().nullable(),
    counterparty_tax_id: z.string().nullable(),
  })
  .transform(
    (row): ExportRow => ({
      id: row.id,
      postedOn: row.posted_on,
      amountMinor: row.amount_minor,
      description: row.description,
      counterparty: row.counterparty_name,
      category: row.category,
      bankId: row.bank_id,
      counterpartyAccount: row.counterparty_account,
      counterpartyTaxId: row.counterparty_tax_id,
    }),
  );

/** The rows of the books that count, by account and currency. A table has the parts of split rows, statements for programs have the rows whole. */
export async function bookExport(reader: SqlReader, filter: ExportFilter, format: ExportFormat): Promise<BookExport> {
  const chosen = conditionOf(filter, format);
  const found = await reader.query(sql`
    select "transaction"."account_id", coalesce("account"."number", "account"."name") as "account", "transaction"."currency",
      min("transaction"."posted_on") as "first", max("transaction"."posted_on") as "last", ${sumIn} as "in_minor", ${sumOut} as "out_minor"
    from "transaction" join "account" on "account"."id" = "transaction"."account_id" and "account"."workspace_id" = ${filter.workspaceId}
    where ${chosen} group by "transaction"."account_id", "account"."number", "account"."name", "transaction"."currency" order by 2, 3, 1`);
  const accountIds = new Map<ExportStatement, string>();
  const statements = found
    .map((row) => statementRow.parse(row))
    .map((row): ExportStatement => {
      const statement = { account: row.account, currency: row.currency, from: row.first, to: row.last, inMinor: row.in_minor, outMinor: row.out_minor };
      accountIds.set(statement, row.account_id);
      return statement;
    });
  return {
    statements,
    async *rowsOf(statement) {
      const own = sql`${chosen} and "transaction"."account_id" = ${accountIds.get(statement) ?? ""} and "transaction"."currency" = ${statement.currency}`;
      for (let after = sql``; ; ) {
        const rows = await readBatch(reader, sql`${own}${after}`);
        if (rows.length > 0) yield rows;
        const last = rows.at(-1);
        if (last === undefined || rows.length < batchRows) return;
        after = sql` and ("transaction"."posted_on", "transaction"."id") > (${last.postedOn}, ${last.id})`;
      }
    },
  };
}

async function readBatch(reader: SqlReader, condition: SQL): Promise<ExportRow[]> {
  const rows = await reader.query(sql`
    select "transaction"."id", "transaction"."posted_on", "transaction"."amount_minor", "transaction"."description", "transaction"."counterparty_name",
      "category"."name" as "category", "transaction"."bank_id", "transaction"."counterparty_account", "transaction"."counterparty_tax_id"
    from "transaction" left join "category" on "category"."id" = "transaction"."category_id" and "category"."workspace_id" = "transaction"."workspace_id"
    where ${condition} order by "transaction"."posted_on", "transaction"."id" limit ${batchRows}`);
  return rows.map((row) => exportedRow.parse(row));
}

function conditionOf({ workspaceId, from, to }: ExportFilter, format: ExportFormat): SQL {
  const counted = format === "csv" ? countedRows(workspaceId) : wholeRows(workspaceId);
  const since = from === undefined ? sql`` : sql` and "transaction"."posted_on" >= ${from}`;
  const until = to === undefined ? sql`` : sql` and "transaction"."posted_on" <= ${to}`;
  return sql`${counted}${since}${until}`;
}

/** As {@link countedRows}, but split rows themselves in the place of their parts. */
function wholeRows(workspaceId: string): SQL {
  return sql`"transaction"."workspace_id" = ${workspaceId} and "transaction"."parent_id" is null and coalesce("transaction"."import_id", '') in
    (select "import"."id" from "import" where "import"."workspace_id" = ${workspaceId} and "import"."status" = 'complete' union all select '')`;
}
