import type { ColumnRole } from "../model.ts";
import { readAmount } from "../values/amount.ts";
import type { Candidate } from "./candidates.ts";
import { isMoneyColumn } from "./candidates.ts";
import { shareOf, type ColumnProfile } from "./profile.ts";

/** Records whose amounts are added up to tell balances from amounts. */
const chainRecordsMax = 300;
/** Columns of amounts compared with each other. */
const chainColumnsMax = 8;

/** What is known of the columns while roles are given. */
export interface RolesSoFar {
  readonly chosen: Map<number, Candidate>;
  readonly profiles: readonly ColumnProfile[];
  readonly said: Readonly<Record<number, ColumnRole>>;
}

/** What no header names is taken from the cells: needed for files without a header or in a language we do not know. */
export function addByContent({ chosen, profiles, said }: RolesSoFar, records: readonly (readonly string[])[]): void {
  const has = (role: ColumnRole): boolean => [...chosen.values()].some((candidate) => candidate.role === role) || Object.values(said).includes(role);
  const free = (): ColumnProfile[] => profiles.filter((profile) => !chosen.has(profile.index) && said[profile.index] === undefined && profile.filled > 0);
  const give = (index: number, role: ColumnRole, score: number): void => void chosen.set(index, { index, role, byName: 0, score });
  const take = (role: ColumnRole, rank: (profile: ColumnProfile) => number, least: number): void => {
    let best: ColumnProfile | undefined;
    let bestRank = least;
    for (const profile of free()) {
      const value = rank(profile);
      if (value > bestRank + 1e-9) [best, bestRank] = [profile, value];
    }
    if (best !== undefined) give(best.index, role, Math.min(0.7, bestRank * 0.7));
  };
  if (!has("date")) take("date", (profile) => shareOf(profile, profile.dates) * (profile.filled / profile.records), 0.5);
  if (!has("amount") && !has("debit") && !has("credit")) {
    const chain = has("balance") ? undefined : findBalance(free(), records);
    for (const role of chainRoles) {
      const index = chain?.[role];
      if (index !== undefined) give(index, role, 0.7);
    }
    if (chain === undefined) take("amount", (profile) => (isMoneyColumn(profile) ? 1 : 0.6) * shareOf(profile, profile.amounts) * (profile.filled / profile.records) * (shareOf(profile, profile.identifiers) > 0.5 ? 0.2 : 1), 0.4);
  }
  if (!has("date") || (!has("amount") && !has("debit") && !has("credit"))) return;
  if (!has("direction")) take("direction", (profile) => (profile.distinct.size === 2 ? shareOf(profile, profile.directions) : 0), 0.95);
  if (!has("currency")) take("currency", (profile) => (profile.distinct.size <= 10 && [...profile.distinct].every((cell) => /^[A-Z]{3}$/.test(cell)) ? shareOf(profile, profile.currencies) : 0) * (profile.filled / profile.records), 0.95);
  if (!has("description") && !has("counterparty")) {
    take("description", (profile) => shareOf(profile, profile.letters) * Math.min(1, profile.chars / profile.filled / 40) * (0.5 + 0.5 * (profile.distinct.size / Math.min(500, profile.filled))), 0.05);
  }
}

const chainRoles = ["amount", "debit", "credit", "balance"] as const;
/** Columns of a file whose balance shows what they are. */
type BalanceChain = Readonly<Partial<Record<(typeof chainRoles)[number], number>>>;

/**
 * Which column is a balance and which are the amounts it moves by in every step, forward or back in time. A balance before the row is
 * no running balance and only tells which column the amounts are.
 */
function findBalance(columns: readonly ColumnProfile[], records: readonly (readonly string[])[]): BalanceChain | undefined {
  const read = records.slice(0, chainRecordsMax);
  if (read.length < 3) return undefined;
  const series = columns
    .filter((profile) => profile.filled > 0 && profile.amounts === profile.filled && shareOf(profile, profile.identifiers) < 0.5)
    .slice(0, chainColumnsMax)
    .map(({ index, filled, records: all }) => ({ index, isFull: filled === all, values: read.map((cells) => amountOf(cells[index] ?? "")) }));
  for (const balance of series.filter(({ isFull }) => isFull)) {
    for (const amount of series) {
      const after = amount === balance ? undefined : balanceOf(balance.values, amount.values);
      if (amount.isFull && after !== undefined) return { amount: amount.index, ...(after ? { balance: balance.index } : {}) };
    }
    const partial = series.filter(({ isFull }) => !isFull);
    for (const debit of partial) {
      for (const credit of partial) {
        const after = debit === credit ? undefined : balanceOf(balance.values, debit.values.map((value, at) => (Number.isNaN(credit.values[at] ?? Number.NaN) ? 0 : (credit.values[at] ?? 0)) - (Number.isNaN(value) ? 0 : value)));
        if (after !== undefined) return { debit: debit.index, credit: credit.index, ...(after ? { balance: balance.index } : {}) };
      }
    }
  }
  return undefined;
}

/** True when the balances are those after each row, false when those before it, undefined when they do not follow the amounts. */
function balanceOf(balances: readonly number[], amounts: readonly number[]): boolean | undefined {
  if (amounts.every((amount) => amount === amounts[0])) return undefined;
  const follows = (sign: 1 | -1, back: 0 | 1): boolean => balances.every((balance, at) => at === 0 || sign * (balance - (balances[at - 1] ?? 0)) === amounts[at - back]);
  if (follows(1, 0) || follows(-1, 1)) return true;
  return follows(1, 1) || follows(-1, 0) ? false : undefined;
}

/** Minor units as evidence alone: the style is told by each cell itself, and two digits stand for every currency. */
function amountOf(cell: string): number {
  const reading = readAmount(cell, "unknown", "EUR");
  return reading.ok ? reading.amountMinor : Number.NaN;
}
