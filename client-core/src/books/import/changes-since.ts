import { sql } from "drizzle-orm";
import { z } from "zod";
import type { SqlReader } from "../../store/index.ts";
import type { Books } from "../books.ts";

/** Most changed rows that are listed. */
const listedMax = 100;

/** A row of an import that was changed since, and what of it. */
export interface ChangedRow {
  readonly id: string;
  readonly postedOn: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly counterpartyName: string | null;
  readonly description: string;
  readonly changed: readonly ("category" | "note" | "counterparty" | "kind" | "transfer")[];
}

/** What people did to the rows of an import: gone with it when it is undone. */
export interface ChangesSinceImport {
  readonly count: number;
  /** The first of them by date. */
  readonly rows: readonly ChangedRow[];
}

const stored = z.object({
  id: z.string(), posted_on: z.string(), amount_minor: z.unknown().transform(Number), currency: z.string(), counterparty_name: z.string().nullable(), description: z.string(),
});

/** The rows of an import that were changed since: by a person, or by a transfer whose other side came with another import. */
export async function changesSinceImport(reader: SqlReader, workspaceId: string, importId: string): Promise<ChangesSinceImport> {
  const own = sql`"workspace_id" = ${workspaceId} and "import_id" = ${importId}`;
  const beyond = sql`"transfer_id" is not null and "transfer_id" not in (select "id" from "transaction" where ${own} and "transfer_id" is not null)`;
  const flags = [sql`"category_source" = 'person'`, sql`"note" is not null`, sql`"counterparty_id" is not null`, sql`"kind_source" = 'person'`, sql`(${beyond})`] as const;
  const changed = sql.join([...flags], sql` or `);
  const [counted] = await reader.query(sql`select count(*) as "rows" from "transaction" where ${own} and (${changed})`);
  const names = ["category", "note", "counterparty", "kind", "transfer"] as const;
  const columns = names.map((name, index) => sql`case when ${flags[index] ?? sql`false`} then 1 else 0 end as ${sql.identifier(`is_${name}`)}`);
  const rows = await reader.query(sql`
    select "id", "posted_on", "amount_minor", "currency", "counterparty_name", "description", ${sql.join(columns, sql`, `)} from "transaction"
    where ${own} and (${changed}) order by "posted_on", "id" limit ${sql.raw(String(listedMax))}`);
  return {
    count: Number(counted?.["rows"] ?? 0),
    rows: rows.map((row) => {
      const { id, posted_on: postedOn, amount_minor: amountMinor, currency, counterparty_name: counterpartyName, description } = stored.parse(row);
      return { id, postedOn, amountMinor, currency, counterpartyName, description, changed: names.filter((name) => Number(row[`is_${name}`]) === 1) };
    }),
  };
}

/** Takes an import back whole, also after edits. Throws `SaldoError` `mutation.*`. */
export async function undoImport(books: Books, importId: string): Promise<void> {
  await books.record("import.undo", { importId });
}
