import type { Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { insertTableRows, readRows, type LocalDatabase, type LocalTransaction, type SqlReader } from "../store/index.ts";
import { counterpartiesOf, entriesOf, rollUpMonth, rollupNames, sumsOf, type MonthCounterparties, type MonthEntries, type MonthSums, type PackedMonth } from "./month-rollup.ts";
import { every, isStale, readStaleness } from "./stale.ts";

/** Months rolled up in one transaction: few, so that a person's edit need not wait for all. */
const monthsTogetherMax = 6;

/** Rollups of a workspace as one state of the books has them. */
export interface Rollups {
  /** Months that have rows, oldest first, with their sums. */
  readonly sums: readonly MonthSums[];
  /** The counterparties of some months; of months without rows there is nothing. */
  readCounterparties(months: readonly Month[]): Promise<readonly (MonthCounterparties & { readonly month: Month })[]>;
  /** The rows of some months; of months without rows there is nothing. */
  readEntries(months: readonly Month[]): Promise<readonly (MonthEntries & { readonly month: Month })[]>;
}

const storedSums = z.object({ month: z.string(), names: z.string(), groups: z.instanceof(Uint8Array) });
const storedParties = z.object({ month: z.string(), names: z.string(), counterparties: z.string(), counterparty_sums: z.instanceof(Uint8Array) });
const storedEntries = z.object({ month: z.string(), names: z.string(), counterparties: z.string(), entries: z.instanceof(Uint8Array) });
/** A list of many thousand names, looked at in one loop. */
const counterpartyNames = z.custom<readonly (string | null)[]>((value) => Array.isArray(value) && value.every((name) => name === null || typeof name === "string"));

/**
 * Reads the rollups as the rows are, also where they are stale: such months are rolled up on the way, and not written. Give it a snapshot.
 */
export async function readRollups(reader: SqlReader, workspaceId: string): Promise<Rollups> {
  const { isAll, months } = await readStaleness(reader, workspaceId);
  const fresh = new Map<Month, PackedMonth | null>();
  const transfers = months.length === 0 ? new Set<string>() : await readTransferCategories(reader, workspaceId);
  for (const month of months) fresh.set(month, await rollUpMonth(reader, workspaceId, month, transfers));
  const stored = isAll ? [] : await reader.query(sql`select "month", "names", "groups" from "rollup" where "workspace_id" = ${workspaceId}`);
  const sums = stored
    .map((row) => storedSums.parse(row))
    .filter(({ month }) => !fresh.has(month))
    .map(({ month, names, groups }) => sumsOf({ month, names: rollupNames.parse(JSON.parse(names)), groups }));
  for (const packed of fresh.values()) if (packed) sums.push(sumsOf(packed));
  const freshOf = (wanted: readonly Month[]) => [...fresh.values()].flatMap((packed) => (packed && wanted.includes(packed.month) ? [packed] : []));
  const rowsOf = async (wanted: readonly Month[], column: "counterparty_sums" | "entries") => {
    const there = sums.map(({ month }) => month).filter((month) => wanted.includes(month) && !fresh.has(month));
    if (there.length === 0) return [];
    const list = sql.join(there.map((month) => sql`${month}`), sql`, `);
    return reader.query(sql`select "month", "names", "counterparties", ${sql.identifier(column)} from "rollup" where "workspace_id" = ${workspaceId} and "month" in (${list})`);
  };
  const namesIn = (row: { readonly names: string; readonly counterparties: string }) => ({
    names: rollupNames.parse(JSON.parse(row.names)),
    counterparties: counterpartyNames.parse(JSON.parse(row.counterparties)),
  });
  return {
    sums: sums.toSorted((a, b) => (a.month < b.month ? -1 : 1)),
    async readCounterparties(wanted) {
      const rows = (await rowsOf(wanted, "counterparty_sums")).map((row) => storedParties.parse(row));
      return [
        ...freshOf(wanted).map((packed) => ({ month: packed.month, ...counterpartiesOf(packed) })),
        ...rows.map((row) => ({ month: row.month, ...counterpartiesOf({ ...namesIn(row), counterpartySums: row.counterparty_sums }) })),
      ];
    },
    async readEntries(wanted) {
      const rows = (await rowsOf(wanted, "entries")).map((row) => storedEntries.parse(row));
      return [
        ...freshOf(wanted).map((packed) => ({ month: packed.month, ...entriesOf(packed) })),
        ...rows.map((row) => ({ month: row.month, ...entriesOf({ ...namesIn(row), entries: row.entries }) })),
      ];
    },
  };
}

/** Ids of the categories whose rows are transfers between own accounts. */
export async function readTransferCategories(reader: SqlReader, workspaceId: string): Promise<ReadonlySet<string>> {
  const found = await readRows(reader, "category", sql`where "workspace_id" = ${workspaceId} and "kind" = 'transfer'`);
  return new Set(found.map(({ id }) => id));
}

/**
 * Brings stored rollups to what the rows are: the months that are marked, newest first, a few in each transaction. Returns how many months it wrote; 0
 * at once when nothing is marked. Safe to call at any time, also from two places at once.
 */
export async function refreshRollups(database: LocalDatabase, workspaceId: string): Promise<number> {
  if (!database.keepsRollups || !(await isStale(database, workspaceId))) return 0;
  const months = (await database.transaction((transaction) => namedByMonth(transaction, workspaceId))).toReversed();
  for (let start = 0; start < months.length; start += monthsTogetherMax) {
    await database.transaction(async (transaction) => {
      const transfers = await readTransferCategories(transaction, workspaceId);
      for (const month of months.slice(start, start + monthsTogetherMax)) await rollUp(transaction, workspaceId, month, transfers);
    });
  }
  return months.length;
}

/** Puts marks of months in the place of those of imports or of all; returns the months. Rollups of months without rows go. */
async function namedByMonth(transaction: LocalTransaction, workspaceId: string): Promise<readonly Month[]> {
  const { isAll, months } = await readStaleness(transaction, workspaceId);
  if (isAll) {
    await transaction.execute(sql`delete from "rollup" where "workspace_id" = ${workspaceId}`, ["rollup"]);
    await leaveToOthers(transaction, workspaceId);
  }
  await transaction.execute(sql`delete from "rollup_stale" where "workspace_id" = ${workspaceId}`, ["rollup_stale"]);
  await insertTableRows(transaction, "rollup_stale", months.map((what) => ({ workspaceId, what })), "ignore");
  return months;
}

/** A mark of every workspace becomes one of each other. */
async function leaveToOthers(transaction: LocalTransaction, workspaceId: string): Promise<void> {
  const global = await transaction.execute(sql`delete from "rollup_stale" where "workspace_id" = ${every}`, ["rollup_stale"]);
  if (global === 0) return;
  await transaction.execute(
    sql`insert into "rollup_stale" ("workspace_id", "what") select "id", ${every} from "workspace" where "id" <> ${workspaceId} on conflict do nothing`,
    ["rollup_stale"],
  );
}

async function rollUp(transaction: LocalTransaction, workspaceId: string, month: Month, transferCategories: ReadonlySet<string>): Promise<void> {
  const packed = await rollUpMonth(transaction, workspaceId, month, transferCategories);
  if (packed === null) await transaction.execute(sql`delete from "rollup" where "workspace_id" = ${workspaceId} and "month" = ${month}`, ["rollup"]);
  else await insertTableRows(transaction, "rollup", [{ workspaceId, ...packed, counterparties: [...packed.counterparties] }], "replace");
  await transaction.execute(sql`delete from "rollup_stale" where "workspace_id" = ${workspaceId} and "what" = ${month}`, ["rollup_stale"]);
}
