import { minor, type Minor, type Month, type ReportDays } from "@saldo/schema";
import { readRollups } from "../rollups/index.ts";
import type { SqlReader } from "../store/index.ts";
import { keptLedger } from "./kept-ledger.ts";
import { sharedRows } from "./month-rows.ts";
import { rollupLedger } from "./rollup-ledger.ts";
import { rowsLedger } from "./rows-ledger.ts";

/** Money that came in and went out (positive) under one category, transfers apart, with the number of rows. */
export interface CategoryGroup {
  readonly categoryId: string | null;
  /** True when its rows are transfers between own accounts by kind; a category may say so too. */
  readonly isTransfer: boolean;
  readonly inMinor: Minor;
  readonly outMinor: Minor;
  readonly count: number;
}

/** The same of one account. */
export interface LedgerGroup extends CategoryGroup {
  readonly accountId: string;
}

/** All rows of one currency, with the first and last posting date. */
export interface CurrencyLedger {
  readonly first: string;
  readonly last: string;
  readonly count: number;
  /** Months that have rows, oldest first. */
  readonly months: readonly Month[];
  /** Accounts that have rows. */
  readonly accountIds: ReadonlySet<string>;
  /** Groups of a month; none when it has no rows. */
  groupsOf(month: Month): readonly LedgerGroup[];
}

/** Money of one counterparty in some days. */
export interface CounterpartySums {
  readonly inMinor: Minor;
  readonly outMinor: Minor;
}

/** Says of a group whether its rows are transfers between own accounts. */
export type IsTransfer = (group: Pick<CategoryGroup, "categoryId" | "isTransfer">) => boolean;

/** The rows of a workspace that count, added up. All answers are of one state of the books. */
export interface Ledger {
  readonly currencies: ReadonlyMap<string, CurrencyLedger>;
  /** Groups of some days, both included. */
  groupsOf(currency: string, days: ReportDays): Promise<readonly LedgerGroup[]>;
  /** Sums by the name the bank gave (null: none) in some days, without transfers. */
  counterpartiesOf(currency: string, days: ReportDays, isTransfer: IsTransfer): Promise<ReadonlyMap<string | null, CounterpartySums>>;
}

/** Opens the ledger of a workspace: from the rollups of a device, from the rows of a server, which its database adds up unless they are read anyway. Give it a snapshot. */
export async function openLedger(reader: SqlReader, workspaceId: string): Promise<Ledger> {
  const rows = sharedRows(reader, workspaceId);
  if (rows !== undefined) return keptLedger(await rows);
  return reader.keepsRollups ? rollupLedger(await readRollups(reader, workspaceId)) : rowsLedger(reader, workspaceId);
}

/** Adds groups of several accounts up by category. */
export function byCategory(groups: readonly CategoryGroup[]): readonly CategoryGroup[] {
  const [own, transfers] = [new Map<string | null, CategoryGroup>(), new Map<string | null, CategoryGroup>()];
  for (const { categoryId, isTransfer, inMinor, outMinor, count } of groups) {
    const sums = isTransfer ? transfers : own;
    const known = sums.get(categoryId);
    sums.set(categoryId, {
      categoryId,
      isTransfer,
      inMinor: minor((known?.inMinor ?? 0) + inMinor),
      outMinor: minor((known?.outMinor ?? 0) + outMinor),
      count: (known?.count ?? 0) + count,
    });
  }
  return [...own.values(), ...transfers.values()];
}
