import { account, category, counterparty, exchangeRate, importFile, importMapping, plannedItem, rule, scenario, transaction } from "./books.ts";
import { feedback, finding, noteUpdate, recommendation, report, reportResult } from "./reports.ts";
import type { RowOf, TableDeclaration } from "./table.ts";
import { brand, client, connection, file, job, member, rejection, workspace } from "./workspace.ts";

/** Every synced table, by its SQL name. The order is the order rows may be inserted in. */
export const tables = {
  workspace,
  member,
  client,
  account,
  category,
  rule,
  counterparty,
  import: importFile,
  import_mapping: importMapping,
  transaction,
  exchange_rate: exchangeRate,
  planned_item: plannedItem,
  scenario,
  report,
  report_result: reportResult,
  recommendation,
  finding,
  feedback,
  note_update: noteUpdate,
  job,
  file,
  connection,
  brand,
  rejection,
} as const satisfies Record<string, TableDeclaration>;

/** SQL name of a synced table. */
export type TableName = keyof typeof tables;

/** A whole row of a table, by its SQL name. */
export type Row<Name extends TableName> = RowOf<(typeof tables)[Name]>;

/** All table names in insertion order. */
export const tableNames: readonly TableName[] = Object.keys(tables).filter(isTableName);

/** True when a text from outside names one of our tables. */
export function isTableName(name: unknown): name is TableName {
  return typeof name === "string" && Object.hasOwn(tables, name);
}
