import type { Device } from "@saldo/client-core/sync/testing";
import { canonicalJson, decodeRecord, tableCodec, tableNames, tables, type LogicalValue, type TableName } from "@saldo/schema";
import type { RunningRelay } from "./running-relay.ts";

/** Tables the server writes beside what a mutation does. */
const bookkeeping: ReadonlySet<string> = new Set(["member", "client", "rejection"]);

/** Rows of every table of a workspace in canonical form, for comparing a device with the server whatever their databases are. */
export type CanonicalRows = Readonly<Record<string, readonly string[]>>;

/** What a device shows. */
export async function deviceRows(device: Pick<Device, "rows">): Promise<CanonicalRows> {
  const found: Record<string, string[]> = {};
  for (const name of tableNames) if (!bookkeeping.has(name)) found[name] = canonical(name, (await device.rows(name)).map((row) => Object(row)));
  return found;
}

/** What the server has. */
export async function serverRows(relay: Pick<RunningRelay, "sql">, workspaceId: string): Promise<CanonicalRows> {
  const found: Record<string, string[]> = {};
  for (const name of tableNames) {
    if (bookkeeping.has(name)) continue;
    found[name] = canonical(name, await relay.sql(`select * from "${name}" where "${name === "workspace" ? "id" : "workspace_id"}" = $1`, [workspaceId]));
  }
  return found;
}

function canonical(name: TableName, rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  const text = (value: LogicalValue | undefined) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : (value ?? null));
  return rows.map((row) => canonicalJson(Object.fromEntries(Object.entries(decodeRecord(tableCodec(tables[name]), row)).map(([key, value]) => [key, text(value)])))).toSorted();
}
