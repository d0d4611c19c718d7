import { isMutationName, isTableName, mutations, SaldoError, type BoundValue } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { sha256Of, thawBody } from "../../mutations/body.ts";
import { deviceRows } from "../../mutations/device-rows.ts";
import { refold, touch, type TouchedRows } from "../../sync/rebase.ts";
import { storeWorkspace, type StoreWorkspace } from "../../sync/workspace.ts";
import type { LocalDatabase, LocalTransaction, SqlRow } from "../local-database.ts";

/** Names of the device's own settings that tell whose store it is. */
const settingNames = ["sync.workspace", "sync.client"];

const columns = {
  settings: ["name", "value"],
  outbox: ["seq", "mutation", "version", "encoding", "body", "sha256", "status", "import_id", "recorded_at"],
  effects: ["seq", "position", "table_name", "row_id", "kind", "patch"],
  workspaces: ["id", "name", "currency", "locale", "plan", "created_at"],
} as const;

/** Entries read from the outbox at a time: a body may be megabytes. */
const readEntriesMax = 25;

type BoundRow = readonly BoundValue[];

/** What could still be read of a damaged store: enough to go on as the same device and to send what was not sent. */
export interface Salvage {
  readonly settings: readonly BoundRow[];
  /** Outbox entries whose body is whole, in order. */
  readonly outbox: readonly BoundRow[];
  readonly effects: readonly BoundRow[];
  /** The company's own row, if it can be read: a store that was never synced gets it from nowhere else. */
  readonly workspaces: readonly BoundRow[];
  readonly told: SalvageTold;
}

/** What is said of a damaged store. */
export interface SalvageTold {
  /** Unsent changes that were saved from it. */
  readonly unsentSaved: number;
  /** Changes that were recorded and could not be saved from it, sent ones among them; null when it cannot be told how many there were. */
  readonly changesLost: number | null;
}

/** Of a store of which nothing can be read. */
export const nothingSalvaged: Salvage = { settings: [], outbox: [], effects: [], workspaces: [], told: { unsentSaved: 0, changesLost: null } };

/** Reads rows of a damaged store up to where it cannot be read; never throws. */
export type DamagedReader = (text: string) => Promise<{ readonly rows: readonly SqlRow[]; readonly isWhole: boolean }>;

/** Reads what can be read of a damaged store. */
export async function salvage(read: DamagedReader): Promise<Salvage> {
  const settings: SqlRow[] = [];
  // Each on its own: where one cannot be read another may.
  for (const name of settingNames) settings.push(...(await read(`select "name", "value" from "device_setting" where "name" = '${name}'`)).rows);
  const workspaces = await read(`select * from "workspace"`);
  const outbox = await readOutbox(read);
  const pending = new Set((outbox?.whole ?? []).filter((row) => row["status"] === "pending").map((row) => row["seq"]));
  const effects = outbox ? await read(`select * from "sync_effect" order by "seq", "position"`) : { rows: [] };
  return {
    settings: settings.map((row) => valuesOf(row, columns.settings)),
    workspaces: workspaces.rows.map((row) => valuesOf(row, columns.workspaces)),
    outbox: (outbox?.whole ?? []).map((row) => valuesOf(row, columns.outbox)),
    effects: effects.rows.filter((row) => pending.has(row["seq"])).map((row) => valuesOf(row, columns.effects)),
    told: { unsentSaved: pending.size, changesLost: outbox?.lost ?? null },
  };
}

/** The entries whose bodies are what was recorded; undefined when not even their numbers can be read. */
async function readOutbox(read: DamagedReader): Promise<{ readonly whole: readonly SqlRow[]; readonly lost: number } | undefined> {
  const up = await read(`select "seq" from "sync_outbox" order by "seq"`);
  // Damage ends a scan: from the other side there may be more.
  const down = up.isWhole ? up : await read(`select "seq" from "sync_outbox" order by "seq" desc`);
  if (!up.isWhole && up.rows.length + down.rows.length === 0) return undefined;
  const seqs = [...new Set([...up.rows, ...down.rows].map((row) => Number(row["seq"])))].toSorted((a, b) => a - b);
  const whole: SqlRow[] = [];
  for (let start = 0; start < seqs.length; start += readEntriesMax) {
    for (const row of await readEntries(read, seqs.slice(start, start + readEntriesMax))) if (await isWhole(row)) whole.push(row);
  }
  // Entries that are gone may have left their effects.
  const effects = (await read(`select min("seq") as "first", max("seq") as "last" from "sync_effect"`)).rows[0];
  const known = [seqs.at(0), seqs.at(-1), effects?.["first"], effects?.["last"]].flatMap((seq) => (seq === undefined || seq === null ? [] : [Number(seq)]));
  const recorded = known.length === 0 ? 0 : Math.max(...known) - Math.min(...known) + 1;
  return { whole, lost: recorded - whole.length };
}

/** Some entries at once; where one of them cannot be read, each on its own. */
async function readEntries(read: DamagedReader, seqs: readonly number[]): Promise<readonly SqlRow[]> {
  const together = await read(`select * from "sync_outbox" where "seq" in (${seqs.join(", ")}) order by "seq"`);
  if (together.isWhole || seqs.length === 1) return together.rows;
  const rows: SqlRow[] = [];
  for (const seq of seqs) rows.push(...(await readEntries(read, [seq])));
  return rows;
}

async function isWhole(row: SqlRow): Promise<boolean> {
  const { body } = row;
  return body instanceof Uint8Array && (await sha256Of(new Uint8Array(body))) === row["sha256"];
}

function valuesOf(row: SqlRow, names: readonly string[]): BoundValue[] {
  return names.map((column) => {
    const value = row[column];
    return typeof value === "string" || typeof value === "number" || value instanceof Uint8Array ? value : null;
  });
}

/** Puts what was saved into a new store, in one transaction: the same device, its outbox, and the rows its unsent changes made. */
export async function restoreSalvage(database: LocalDatabase, { settings, outbox, effects, workspaces }: Salvage): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.insertRows("device_setting", columns.settings, settings, "replace");
    await transaction.insertRows("workspace", columns.workspaces, workspaces, "replace");
    await transaction.insertRows("sync_outbox", columns.outbox, outbox, "fail");
    const workspace = await storeWorkspace(transaction);
    const batches = await transaction.query(sql`select "seq" from "sync_outbox" where "status" = 'pending' and "import_id" is not null order by "seq"`);
    let done = 0;
    // A batch of an import is run on what was there when it was recorded.
    for (const { seq } of batches) {
      await restoreEffects(transaction, effects, done, Number(seq));
      done = Number(seq);
      if (workspace) await insertBatch(transaction, workspace, done);
    }
    await restoreEffects(transaction, effects, done, Number.MAX_SAFE_INTEGER);
  });
}

/** Effects of the mutations from one number up to another. Until the server's rows are here again there is nothing beneath them. */
async function restoreEffects(transaction: LocalTransaction, effects: readonly BoundRow[], from: number, to: number): Promise<void> {
  const due = effects.filter(([seq]) => Number(seq) >= from && Number(seq) < to);
  const touched: TouchedRows = new Map();
  for (const [, , table, rowId] of due) {
    if (typeof table === "string" && isTableName(table) && typeof rowId === "string") touch(touched, table, rowId);
  }
  await transaction.insertRows("sync_effect", columns.effects, due, "fail");
  for (const [table, rowIds] of touched) {
    await transaction.insertRows("sync_base", ["table_name", "row_id", "row"], [...rowIds].map((rowId) => [table, rowId, null]), "ignore");
  }
  await refold(transaction, touched);
}

/** Rows of a bulk import have no effects of their own: the batch is run again. Where it does not fit, its rows come back from the server. */
async function insertBatch(transaction: LocalTransaction, workspace: StoreWorkspace, seq: number): Promise<void> {
  const [entry] = await transaction.query(sql`select "mutation", "encoding", "body" from "sync_outbox" where "seq" = ${seq}`);
  const { mutation, encoding, body } = entry ?? {};
  if (typeof mutation !== "string" || !isMutationName(mutation) || !(body instanceof Uint8Array)) return;
  try {
    const run = mutations[mutation].bind(await thawBody(encoding === "deflate" ? "deflate" : "json", new Uint8Array(body)));
    await transaction.savepoint(async () => {
      const rows = deviceRows(transaction, workspace.workspaceId, seq);
      await run(rows, workspace);
      await rows.finish();
    });
  } catch (error) {
    // What this store cannot hold (a full disk) is not for the server to bring back.
    if (error instanceof SaldoError && error.code.startsWith("store.")) throw error;
  }
}
