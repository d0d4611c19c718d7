import { createHash } from "node:crypto";
import type { BoundValue } from "@saldo/schema";
import Database from "better-sqlite3";

/** Names of the device's own settings that tell whose store it is. */
const settingNames = ["sync.workspace", "sync.client"];

const outboxColumns = ["seq", "mutation", "version", "encoding", "body", "sha256", "status", "import_id", "recorded_at"];
const effectColumns = ["seq", "position", "table_name", "row_id", "kind", "patch"];

/** What could still be read of a damaged store: enough to go on as the same device and to send what was not sent. */
export interface Salvage {
  readonly settings: readonly (readonly BoundValue[])[];
  /** Outbox entries whose body is whole, in order, as {@link salvageColumns} lists them. */
  readonly outbox: readonly (readonly BoundValue[])[];
  readonly effects: readonly (readonly BoundValue[])[];
  /** The company's own row, if it can be read: a store that was never synced gets it from nowhere else. */
  readonly workspaces: readonly (readonly BoundValue[])[];
  /** Entries of which at least the number was seen or is missing between others, and whose body is gone; null when the outbox could not be read at all. */
  readonly lost: number | null;
}

/** Columns of {@link Salvage}. */
export const salvageColumns = {
  settings: ["name", "value"],
  outbox: outboxColumns,
  effects: effectColumns,
  workspaces: ["id", "name", "currency", "locale", "plan", "created_at"],
} as const;

type Row = Readonly<Record<string, unknown>>;

/** Reads what can be read of a damaged file; never throws. */
export function salvageSqlite(path: string): Salvage {
  const nothing: Salvage = { settings: [], outbox: [], effects: [], workspaces: [], lost: null };
  let connection: Database.Database;
  try {
    connection = new Database(path);
  } catch {
    return nothing;
  }
  try {
    const settings = settingNames.flatMap((name) => rowsFrom(connection, `select "name", "value" from "device_setting" where "name" = ?`, [name]).rows);
    const whose = {
      settings: settings.map((row) => valuesOf(row, salvageColumns.settings)),
      workspaces: rowsFrom(connection, `select * from "workspace"`, []).rows.map((row) => valuesOf(row, salvageColumns.workspaces)),
    };
    const outbox = readOutbox(connection);
    if (!outbox) return { ...nothing, ...whose };
    const pending = new Set(outbox.whole.filter((row) => row["status"] === "pending").map((row) => row["seq"]));
    const effects = rowsFrom(connection, `select * from "sync_effect" order by "seq", "position"`, []).rows.filter((row) => pending.has(row["seq"]));
    return {
      ...whose,
      outbox: outbox.whole.map((row) => valuesOf(row, outboxColumns)),
      effects: effects.map((row) => valuesOf(row, effectColumns)),
      lost: outbox.lost,
    };
  } finally {
    connection.close();
  }
}

/** The entries whose bodies are what was recorded; undefined when not even their numbers can be read. */
function readOutbox(connection: Database.Database): { readonly whole: readonly Row[]; readonly lost: number } | undefined {
  const up = rowsFrom(connection, `select "seq" from "sync_outbox" order by "seq"`, []);
  // Damage ends a scan: from the other side there may be more.
  const down = up.isWhole ? up : rowsFrom(connection, `select "seq" from "sync_outbox" order by "seq" desc`, []);
  if (!up.isWhole && up.rows.length + down.rows.length === 0) return undefined;
  const seqs = [...new Set([...up.rows, ...down.rows].map((row) => Number(row["seq"])))].toSorted((a, b) => a - b);
  const whole = seqs.flatMap((seq) => rowsFrom(connection, `select * from "sync_outbox" where "seq" = ?`, [seq]).rows.filter(isWhole));
  const [first, last] = [seqs.at(0), seqs.at(-1)];
  const span = first === undefined || last === undefined ? 0 : last - first + 1;
  return { whole, lost: span - whole.length };
}

function isWhole(row: Row): boolean {
  return row["body"] instanceof Uint8Array && createHash("sha256").update(row["body"]).digest("hex") === row["sha256"];
}

/** Rows up to where the file cannot be read. */
function rowsFrom(connection: Database.Database, text: string, parameters: readonly unknown[]): { readonly rows: readonly Row[]; readonly isWhole: boolean } {
  const rows: Row[] = [];
  try {
    for (const row of connection.prepare<unknown[], Row>(text).iterate(...parameters)) rows.push(row);
    return { rows, isWhole: true };
  } catch {
    return { rows, isWhole: false };
  }
}

function valuesOf(row: Row, columns: readonly string[]): BoundValue[] {
  return columns.map((column) => {
    const value = row[column];
    return typeof value === "string" || typeof value === "number" || value instanceof Uint8Array ? value : null;
  });
}
