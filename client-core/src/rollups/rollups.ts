import type { Month } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { insertTableRows, readRows, type LocalDatabase, type LocalTransaction, type SqlReader } from "../store/index.ts";
import { entriesOf, rollUpMonth, rollupNames, sumsOf, type MonthEntries, type MonthSums, type PackedMonth } from "./month-rollup.ts";
import { every, isStale, readStaleness } from "./stale.ts";

/** Months rolled up in one transaction: few, so that a person's edit need not wait for all. */
const monthsTogetherMax = 6;

/** Rollups of a workspace as one state of the books has them. */
export interface Rollups {
  /** Months that have rows, oldest first, with their sums. */
  readonly sums: readonly MonthSums[];
  /** The rows of some months; of months without rows there is nothing. */
  readEntries(months: readonly Month[]): Promise<readonly (MonthEntries & { readonly month: Month })[]>;
}

const storedSums = z.object({ month: z.string(), names: z.string(), groups: z.instanceof(Uint8Array) });
const counterpartyNames = z.array(z.string().nullable());

/**
 * Reads the rollups as the rows are, also where they are stale: such months are rolled up on the way, and not written. Give it a snapshot.
 */
export async function readRollups(reader: SqlReader, workspaceId: string): Promise<Rollups> {
  const { isAll, months } = await readStaleness(reader, workspaceId);
  const fresh = new Map<Month, PackedMonth | null>();
  for (const month of months) fresh.set(month, await rollUpMonth(reader, workspaceId, month));
  const stored = isAll ? [] : await reader.query(sql`select "month", "names", "groups" from "rollup" where "workspace_id" = ${workspaceId}`);
  const sums = stored
    .map((row) => storedSums.parse(row))
    .filter(({ month }) => !fresh.has(month))
    .map(({ month, names, groups }) => sumsOf({ month, names: rollupNames.parse(JSON.parse(names)), groups }));
  for (const packed of fresh.values()) if (packed) sums.push(sumsOf(packed));
  return {
    sums: sums.toSorted((a, b) => (a.month < b.month ? -1 : 1)),
    async readEntries(wanted) {
      const found = [...fresh.values()].flatMap((packed) => (packed && wanted.includes(packed.month) ? [{ month: packed.month, ...entriesOf(packed) }] : []));
      const there = sums.map(({ month }) => month).filter((month) => wanted.includes(month) && !fresh.has(month));
      if (there.length === 0) return found;
      const list = sql.join(there.map((month) => sql`${month}`), sql`, `);
      const rows = await readRows(reader, "rollup", sql`where "workspace_id" = ${workspaceId} and "month" in (${list})`);
      return [
        ...found,
        ...rows.map((row) => ({
          month: row.month,
          ...entriesOf({ names: rollupNames.parse(row.names), counterparties: counterpartyNames.parse(row.counterparties), entries: row.entries }),
        })),
      ];
    },
  };
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
      for (const month of months.slice(start, start + monthsTogetherMax)) await rollUp(transaction, workspaceId, month);
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

async function rollUp(transaction: LocalTransaction, workspaceId: string, month: Month): Promise<void> {
  const packed = await rollUpMonth(transaction, workspaceId, month);
  if (packed === null) await transaction.execute(sql`delete from "rollup" where "workspace_id" = ${workspaceId} and "month" = ${month}`, ["rollup"]);
  else await insertTableRows(transaction, "rollup", [{ workspaceId, ...packed, counterparties: [...packed.counterparties] }], "replace");
  await transaction.execute(sql`delete from "rollup_stale" where "workspace_id" = ${workspaceId} and "what" = ${month}`, ["rollup_stale"]);
}
