import type { JsonValue, TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { SqlReader } from "../store/index.ts";

/** Most rows of a refused change that are named. */
const namedRowsMax = 3;

/** A row a refused change was about, as this device knows it. */
export interface RejectedRow {
  /** Its name or description; null when the row is not here any more. */
  readonly text: string | null;
  /** Accounting date and amount in minor units of a currency, of a transaction only. */
  readonly payment: { readonly postedOn: string; readonly amountMinor: number; readonly currency: string } | null;
}

/** What a refused change was about. */
export interface RejectionSubject {
  /** At most three of the rows. */
  readonly rows: readonly RejectedRow[];
  readonly rowCount: number;
  /** What they should have become: names of rows chosen and texts written. */
  readonly values: readonly string[];
}

/** Arguments that name the rows a kind of change is about, by the first part of its name. */
const subjects: Readonly<Record<string, { readonly table: TableName; readonly keys: readonly string[] }>> = {
  transaction: { table: "transaction", keys: ["ids", "id"] },
  transfer: { table: "transaction", keys: ["ids"] },
  category: { table: "category", keys: ["categoryId"] },
  account: { table: "account", keys: ["accountId"] },
  counterparty: { table: "counterparty", keys: ["counterpartyId"] },
  report: { table: "report", keys: ["reportId"] },
  note: { table: "report", keys: ["reportId"] },
  plannedItem: { table: "planned_item", keys: ["itemId"] },
  scenario: { table: "scenario", keys: ["scenarioId"] },
  import: { table: "import", keys: ["importId"] },
};

/** Arguments that name a row which was chosen. */
const choices: Readonly<Record<string, TableName>> = { categoryId: "category", parentId: "category", intoId: "category", counterpartyId: "counterparty", accountId: "account" };
/** Arguments a person wrote. */
const written: ReadonlySet<string> = new Set(["name", "title", "note", "number", "taxNumber", "accountNumber", "companyName", "comment"]);

const nameColumns: Partial<Record<TableName, string>> = { transaction: "description", import: "file_name", report: "title" };

/** Names what a refused change was about, from its arguments and the rows of this device. */
export async function subjectOf(reader: SqlReader, workspaceId: string, mutation: string, args: Readonly<Record<string, JsonValue>>): Promise<RejectionSubject> {
  const { table, keys } = subjects[mutation.split(".")[0] ?? ""] ?? { table: "category", keys: [] };
  const ids = keys.flatMap((key) => textsOf(args[key]));
  const rows: RejectedRow[] = [];
  for (const id of ids.slice(0, namedRowsMax)) rows.push(await nameRow(reader, workspaceId, table, id));
  const values: string[] = [];
  for (const [key, value] of Object.entries(args)) {
    if (typeof value !== "string" || value === "" || keys.includes(key)) continue;
    const chosen = choices[key];
    const text = chosen === undefined ? (written.has(key) ? value : null) : (await nameRow(reader, workspaceId, chosen, value)).text;
    if (text !== null) values.push(text);
  }
  return { rows, rowCount: ids.length, values };
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string");
}

async function nameRow(reader: SqlReader, workspaceId: string, table: TableName, id: string): Promise<RejectedRow> {
  const isPayment = table === "transaction";
  const payment = isPayment ? sql`, "posted_on", "amount_minor", "currency"` : sql``;
  const name = sql.identifier(nameColumns[table] ?? "name");
  const [row] = await reader.query(sql`select ${name} as "text"${payment} from ${sql.identifier(table)} where "workspace_id" = ${workspaceId} and "id" = ${id}`);
  if (row === undefined) return { text: null, payment: null };
  const text = String(row["text"]);
  if (!isPayment) return { text, payment: null };
  return { text, payment: { postedOn: String(row["posted_on"]), amountMinor: Number(row["amount_minor"]), currency: String(row["currency"]) } };
}
