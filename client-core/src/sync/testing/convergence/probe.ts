import { sql } from "drizzle-orm";
import type { LocalDatabase, SqlRow } from "../../../store/local-database.ts";
import { readSetting } from "../../settings.ts";
import type { ModelMutation, RelayModel } from "../relay-model.ts";
import { demand, demandSame } from "./check.ts";

/** What a change of the probe does to it, in order: adds to its balance, or puts a value into a column. */
export type ProbeEffect = { readonly add: number } | { readonly column: "name" | "number"; readonly value: string | null };

/** A change of the probe a device has recorded. */
export interface ProbeEdit {
  readonly sha256: string;
  readonly effect: ProbeEffect | null;
}

/** The account every device of a workspace changes; nobody removes it. */
export const probeId = (workspaceId: string): string => `probe-${workspaceId}`;

const createdAt = "2026-01-01T00:00:00.000Z";

/** Puts the probe and a pair of rows that always change together into a workspace. */
export async function placeProbe(model: RelayModel, workspaceId: string): Promise<void> {
  await model.commit((data) => {
    const id = probeId(workspaceId);
    data.write("account", id, { id, workspaceId, name: "probe", currency: "EUR", number: null, balanceMinor: 0, balanceAsOf: null, archived: false, createdAt });
  });
  await writePair(model, workspaceId, "first");
}

/** One server transaction over two tables: whoever sees one name must see the other. */
export async function writePair(model: RelayModel, workspaceId: string, name: string): Promise<void> {
  const id = `pair-${workspaceId}`;
  await model.commit((data) => {
    data.write("account", id, { id, workspaceId, name, currency: "EUR", number: null, balanceMinor: null, balanceAsOf: null, archived: false, createdAt });
    data.write("counterparty", id, { id, workspaceId, name, taxNumber: null, accountNumber: null, createdAt });
  });
}

/** Adds to the probe: a change that shows when it is applied twice. The product has none such yet, its row interface has. */
export const increment = {
  name: "test.increment",
  version: 1,
  permission: "edit",
  async run(rows: Parameters<ModelMutation["run"]>[0], args: unknown): Promise<void> {
    const { accountId, add } = incrementArgs(args);
    await rows.patch("account", accountId, { balanceMinor: { add } });
  },
} as const;

function incrementArgs(args: unknown): { readonly accountId: string; readonly add: number } {
  if (typeof args !== "object" || args === null || !("accountId" in args) || !("add" in args)) throw new TypeError("not an increment");
  return { accountId: String(args.accountId), add: Number(args.add) };
}

/** The mutations of a run beside the product's own. */
export const probeMutations: ReadonlyMap<string, ModelMutation> = new Map([[increment.name, increment]]);

/**
 * At any moment the probe shows what the server had at the device's last checkpoint, with the device's own changes on top that the server
 * had not answered by then: no more, no less, each once.
 */
export async function demandProbe(model: RelayModel, database: LocalDatabase, workspaceId: string, edits: readonly ProbeEdit[]): Promise<void> {
  const checkpoint = await readSetting(database, "sync.checkpoint");
  if (!checkpoint) return;
  const lsn = BigInt(checkpoint.lsn);
  const server = model.rowAt("account", probeId(workspaceId), lsn);
  // The same edit taken back twice has the same body: as many as were answered are the first ones.
  const answered = new Map<string, number>();
  for (const execution of model.executions) if (execution.lsn <= lsn) answered.set(execution.sha256, (answered.get(execution.sha256) ?? 0) + 1);
  const expected = { balance: Number(server?.["balanceMinor"]), name: String(server?.["name"]), number: textOf(server?.["number"]) };
  for (const { sha256, effect } of edits) {
    const left = answered.get(sha256) ?? 0;
    answered.set(sha256, left - 1);
    if (left > 0 || effect === null) continue;
    if ("add" in effect) expected.balance += effect.add;
    else if (effect.column === "name") expected.name = String(effect.value);
    else expected.number = effect.value;
  }
  const row = await probeOf(database, workspaceId);
  demand(row !== undefined, "the probe is there");
  demandSame({ balance: Number(row?.["balance_minor"]), name: textOf(row?.["name"]), number: textOf(row?.["number"]) }, expected, `the probe at ${lsn}`);
}

/** The probe as a device shows it. */
export async function probeOf(database: LocalDatabase, workspaceId: string): Promise<SqlRow | undefined> {
  const [row] = await database.query(sql`select * from "account" where "id" = ${probeId(workspaceId)}`);
  return row;
}

/** A server transaction is seen whole. */
export async function demandWholePair(database: LocalDatabase, workspaceId: string): Promise<void> {
  const id = `pair-${workspaceId}`;
  const [pair] = await database.query(sql`select (select "name" from "account" where "id" = ${id}) as "account", (select "name" from "counterparty" where "id" = ${id}) as "counterparty"`);
  demandSame(textOf(pair?.["counterparty"]), textOf(pair?.["account"]), "a server transaction is seen whole");
}

/** A text column, null for none. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
