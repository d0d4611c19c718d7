import { z } from "zod";
import { columnSchema, rowSchema } from "../dialects/rows.ts";
import { SaldoError } from "../errors/saldo-error.ts";
import { canonicalJson, type JsonValue } from "../json.ts";
import { tables, type Row, type TableName } from "../tables/index.ts";
import { field } from "./fields.ts";
import { revertChangesMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";
import type { Patch, RowStore } from "./row-store.ts";
import { removeParts } from "./splits.ts";

/** What of a table an edit may be taken back. */
interface Revertible {
  readonly columns: readonly string[];
  /** How a row the edit added goes away again: `archive` where other rows may name it; `never`: it stays. */
  readonly added: "remove" | "archive" | "never";
  /** True when a row the edit removed may come back. */
  readonly removed: boolean;
}

const revertible = {
  account: { columns: ["name", "number", "balanceMinor", "balanceAsOf", "archived"], added: "archive", removed: false },
  category: { columns: ["name", "parentId", "slot", "archived", "mergedIntoId", "activity"], added: "archive", removed: false },
  transaction: { columns: ["categoryId", "categorySource", "counterpartyId", "note", "kind", "kindSource", "transferId", "isDistinct", "isSplit"], added: "remove", removed: true },
  counterparty: { columns: ["name", "taxNumber", "accountNumber"], added: "never", removed: false },
  rule: { columns: ["position", "conditions", "categoryId", "enabled"], added: "remove", removed: true },
  report: { columns: ["title"], added: "never", removed: false },
  planned_item: { columns: ["name", "amountMinor", "currency", "categoryId", "firstOn", "repeat", "lastOn", "likelihood"], added: "remove", removed: true },
  scenario: { columns: ["name", "currency", "changes"], added: "remove", removed: true },
  exchange_rate: { columns: ["rate", "source"], added: "remove", removed: true },
  import_mapping: { columns: ["mapping"], added: "remove", removed: true },
  finding: { columns: ["status"], added: "remove", removed: true },
  recommendation: {
    columns: ["status", "snoozedUntil", "parameters", "effectMinor", "effectLowMinor", "effectHighMinor", "currency", "priority"],
    added: "remove",
    removed: true,
  },
  feedback: { columns: [], added: "remove", removed: true },
} as const satisfies Partial<Record<TableName, Revertible>>;

/** A table whose edits can be taken back. */
export type RevertibleTable = keyof typeof revertible;

/** True when edits of a table can be taken back. */
export function isRevertibleTable(table: string): table is RevertibleTable {
  return Object.hasOwn(revertible, table);
}

/** True when an edit of this column can be taken back. */
export function isRevertibleColumn(table: RevertibleTable, column: string): boolean {
  const columns: readonly string[] = revertible[table].columns;
  return columns.includes(column);
}

/** True when the whole of a change can be taken back: a row added or removed, or columns changed. */
export function isRevertibleKind(table: RevertibleTable, kind: "insert" | "remove"): boolean {
  const { added, removed }: Revertible = revertible[table];
  return kind === "remove" ? removed : added !== "never";
}

const table = z.enum(Object.keys(revertible).filter(isRevertibleTable));
const columnValues = z.record(z.string().max(64), field.json);

/** What an edit did to one row, values in their JSON form. */
export const rowChange = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("patch"), table, id: field.id, before: columnValues, after: columnValues }),
  z.strictObject({ kind: z.literal("insert"), table, id: field.id, row: columnValues }),
  z.strictObject({ kind: z.literal("remove"), table, id: field.id, row: columnValues }),
]);

/** What an edit did to one row. */
export type RowChange = z.output<typeof rowChange>;

/** Columns that name another row of the workspace. */
const references: Readonly<Record<string, TableName>> = { categoryId: "category", counterpartyId: "counterparty", accountId: "account", mergedIntoId: "category" };

/**
 * Takes an edit back, row by row, as far as nobody changed the same columns since: what others did stays. A row the edit added goes away,
 * one it removed comes back. Taking back what `edit.revert` itself did is redo.
 */
export const editRevert = defineMutation({
  name: "edit.revert",
  version: 1,
  permission: "edit",
  args: z.strictObject({ changes: z.array(rowChange).min(1).max(revertChangesMax) }),
  async run(rows, { changes }, { workspaceId }) {
    for (const change of changes.toReversed()) {
      if (isPartChange(change)) continue;
      if (change.kind === "patch") await revertPatch(rows, change);
      else if (change.kind === "insert") await revertInsert(rows, change);
      else await revertRemove(rows, change, workspaceId);
    }
    await revertParts(rows, changes.filter(isPartChange), workspaceId);
  },
});

type PartChange = Exclude<RowChange, { kind: "patch" }> & { readonly table: "transaction" };

/** True for a part of a split transaction that was added or removed. */
function isPartChange(change: RowChange): change is PartChange {
  return change.table === "transaction" && change.kind !== "patch" && typeof change.row["parentId"] === "string";
}

/** Parts come and go together: those the edit added make way for those it removed, unless somebody has changed or replaced them since. */
async function revertParts(rows: RowStore, changes: readonly PartChange[], workspaceId: string): Promise<void> {
  const wholes = new Set(changes.flatMap(({ row: { parentId } }) => (typeof parentId === "string" ? [parentId] : [])));
  for (const parentId of wholes) {
    const own = changes.filter(({ row }) => row["parentId"] === parentId);
    const added = new Map(own.flatMap(({ kind, id, row }) => (kind === "insert" ? [[id, row] as const] : [])));
    const removed = own.filter(({ kind }) => kind === "remove");
    const parts = await rows.list("transaction", { parentId });
    const whole = await rows.get("transaction", parentId);
    const isAsLeft = parts.length === added.size && parts.every((part) => isUntouched("transaction", part, added.get(part.id)));
    const sumMinor = removed.reduce((sum, { row }) => sum + Number(row["amountMinor"]), 0);
    if (whole === undefined || !isAsLeft || (removed.length > 0 && sumMinor !== whole.amountMinor)) continue;
    await removeParts(rows, parentId);
    for (const { id, row } of removed) await revertRemove(rows, { kind: "remove", table: "transaction", id, row }, workspaceId);
    await rows.patch("transaction", parentId, { isSplit: removed.length > 0 });
  }
}

async function revertPatch(rows: RowStore, { table: name, id, before, after }: Extract<RowChange, { kind: "patch" }>): Promise<void> {
  const row = await rows.get(name, id);
  if (row === undefined) return;
  const current = new Map<string, unknown>(Object.entries(row));
  const patch: [string, JsonValue][] = [];
  for (const [column, value] of Object.entries(before)) {
    // Whether a transaction is split follows from its parts.
    if (column === "isSplit") continue;
    const wanted = valueOf(name, column, value);
    if (!isSame(current.get(column), valueOf(name, column, after[column] ?? null))) continue;
    if (!(await isThere(rows, name, column, wanted))) continue;
    patch.push([column, wanted]);
  }
  if (patch.length > 0) await patchColumns(rows, name, id, Object.fromEntries(patch));
}

/** The columns and their values were checked one by one against the table's declaration. */
function patchColumns<Name extends RevertibleTable>(rows: RowStore, name: Name, id: string, patch: Patch<Name>): Promise<void> {
  return rows.patch(name, id, patch);
}

async function revertInsert(rows: RowStore, { table: name, id, row }: Extract<RowChange, { kind: "insert" }>): Promise<void> {
  if (!isRevertibleKind(name, "insert")) throw new SaldoError("mutation.not_permitted", { table: name });
  const found = await rows.get(name, id);
  if (found === undefined) return;
  if (name === "account" || name === "category") {
    await rows.patch(name, id, { archived: true });
    return;
  }
  if (isUntouched(name, found, row)) await rows.remove(name, id);
}

/** True when nobody has changed what can be changed of a row since an edit added it. */
function isUntouched(name: RevertibleTable, found: object, added: Readonly<Record<string, JsonValue>> | undefined): boolean {
  const current = new Map<string, unknown>(Object.entries(found));
  return added !== undefined && revertible[name].columns.every((column) => column === "position" || isSame(current.get(column), added[column] ?? null));
}

async function revertRemove(rows: RowStore, { table: name, id, row }: Extract<RowChange, { kind: "remove" }>, workspaceId: string): Promise<void> {
  if (!isRevertibleKind(name, "remove")) throw new SaldoError("mutation.not_permitted", { table: name });
  if ((await rows.get(name, id)) !== undefined) return;
  const columns = Object.entries(row).map(([column, value]) => [column, checked(name, column, value)] as const);
  const whole: unknown = { ...Object.fromEntries(columns), id, workspaceId };
  for (const [column, value] of columns) if (!(await isThere(rows, name, column, value))) throw new SaldoError("mutation.row_missing", { table: name });
  await insertRow(rows, name, whole);
}

function insertRow<Name extends RevertibleTable>(rows: RowStore, name: Name, row: unknown): Promise<void> {
  const parsed = rowSchema(name).safeParse(row);
  if (!parsed.success) throw new SaldoError("mutation.invalid_arguments", { table: name });
  const whole: Row<Name> = parsed.data;
  return rows.insert(name, whole);
}

/** A value in its JSON form, which is also its value in rows: no column of these tables holds bytes. */
function checked(name: RevertibleTable, column: string, json: JsonValue): JsonValue {
  const declared = new Map(Object.entries(tables[name].columns)).get(column);
  if (declared === undefined || !columnSchema(declared).safeParse(json).success) throw new SaldoError("mutation.invalid_arguments", { table: name });
  return json;
}

function valueOf(name: RevertibleTable, column: string, json: JsonValue): JsonValue {
  if (!isRevertibleColumn(name, column)) throw new SaldoError("mutation.not_permitted", { table: name });
  return checked(name, column, json);
}

/** False when a value names a row that is no longer there. */
async function isThere(rows: RowStore, name: RevertibleTable, column: string, value: JsonValue): Promise<boolean> {
  const target = column === "parentId" ? name : references[column];
  return target === undefined || typeof value !== "string" || (await rows.get(target, value)) !== undefined;
}

function isSame(a: unknown, b: JsonValue): boolean {
  return jsonText(a) === jsonText(b);
}

function jsonText(value: unknown): string {
  const parsed = field.json.safeParse(value ?? null);
  return parsed.success ? canonicalJson(parsed.data) : "";
}
