import type { RecommendationItem } from "@saldo/schema";
import { derived, monthsFigure, rowsFigure } from "./figures.ts";
import { monthlySums, type AdviceLedger } from "./ledger.ts";
import { isWorthTelling, priorityOf } from "./priority.ts";
import { effectOf, notEnough, type Rule, type RuleFacts } from "./rule.ts";
import { deviation, mean, median, normal80 } from "./statistics.ts";
import { isFee, isPenalty, isTax } from "./subjects.ts";

const recentMonths = 3;
const baseMonthsMin = 6;
const baseMonthsMax = 12;
/** Fees take more when their part of revenue rose by a tenth, by a tenth of a point, and by three deviations. */
const riseMin = 0.1;
const riseBasisPointsMin = 10;
const deviationsMin = 3;
/** Penalties are a habit when there are two at least, in two of the last months. */
const penaltyMonths = 6;
const penaltiesMin = 2;

/** Fees that take a growing part of revenue, and penalties. */
export const fees: Rule = {
  area: "fees",
  look(facts) {
    const { ledger } = facts;
    if (ledger.books.months.length < penaltyMonths) return notEnough;
    const items = [risenFees(facts), penalties(facts)].flatMap((item) => item ?? []);
    return { enough: true, looked: ledger.books.months.length, items };
  },
};

/** Fees and penalties that have been paid in each complete month. */
export function feesByMonth(ledger: AdviceLedger, of: "fees" | "penalties"): Float64Array {
  return monthlySums(ledger, -1, (row) => (of === "fees" ? isFee(ledger, row) && !isPenalty(ledger, row) : isPenalty(ledger, row) && !isTax(ledger, row)));
}

function risenFees({ ledger, monthlyExpensesMinor }: RuleFacts): RecommendationItem | undefined {
  const last = ledger.books.months.length - 1;
  const first = last - recentMonths + 1;
  const start = Math.max(0, first - baseMonthsMax);
  if (first - start < baseMonthsMin || ledger.monthIn.slice(start).some((revenue) => revenue <= 0)) return undefined;
  const shares = [...feesByMonth(ledger, "fees")].map((fee, month) => fee / (ledger.monthIn[month] ?? 1));
  const base = shares.slice(start, first);
  const usual = median(base);
  const monthly = deviation(base);
  const spread = monthly * Math.sqrt(1 / recentMonths + 1 / base.length);
  const recent = shares.slice(first);
  const rise = mean(recent) - usual;
  if (usual <= 0 || rise < riseMin * usual || rise * 10_000 < riseBasisPointsMin || rise < deviationsMin * spread || recent.some((share) => share < usual + monthly)) return undefined;
  const isMeant = (row: number) => isFee(ledger, row) && !isPenalty(ledger, row);
  const revenue = monthsFigure(ledger, "revenue", { first, last, direction: "in", isMeant: () => true, perMonth: true });
  const effect = effectOf("saves", "month", rise * revenue.value, (rise - normal80 * spread) * revenue.value, (rise + normal80 * spread) * revenue.value);
  if (!isWorthTelling(effect, monthlyExpensesMinor)) return undefined;
  const paid = rowsOf(ledger, isMeant, first, last);
  return {
    key: "cut_fees",
    code: "cut_fees",
    parameters: { now: Math.round(mean(recent) * 10_000), before: Math.round(usual * 10_000), months: recentMonths },
    effect,
    priority: priorityOf(effect, monthlyExpensesMinor),
    figures: [rowsFigure(ledger, "fees", paid, "sum"), revenue, derived("share", "basis_points", mean(recent) * 10_000), derived("share_before", "basis_points", usual * 10_000)],
    measure: { kind: "fee_share", of: "fees", baselineBasisPoints: Math.round(mean(recent) * 10_000) },
    source: "rule",
  };
}

function penalties({ ledger, monthlyExpensesMinor }: RuleFacts): RecommendationItem | undefined {
  const last = ledger.books.months.length - 1;
  const first = last - penaltyMonths + 1;
  const months = [...feesByMonth(ledger, "penalties").slice(first)];
  const paid = rowsOf(ledger, (row) => isPenalty(ledger, row) && !isTax(ledger, row), first, last);
  if (paid.length < penaltiesMin || months.filter((sum) => sum > 0).length < penaltiesMin) return undefined;
  const spread = (normal80 * deviation(months)) / Math.sqrt(months.length);
  const effect = effectOf("saves", "month", mean(months), mean(months) - spread, mean(months) + spread);
  if (!isWorthTelling(effect, monthlyExpensesMinor)) return undefined;
  const revenue = mean([...ledger.monthIn.slice(first)]);
  return {
    key: "avoid_penalties",
    code: "avoid_penalties",
    parameters: { payments: paid.length, months: penaltyMonths },
    effect,
    priority: priorityOf(effect, monthlyExpensesMinor),
    figures: [rowsFigure(ledger, "fees", paid, "sum"), derived("usual", "money_per_month", mean(months))],
    measure: revenue <= 0 ? { kind: "none" } : { kind: "fee_share", of: "penalties", baselineBasisPoints: Math.round((mean(months) / revenue) * 10_000) },
    source: "rule",
  };
}

function rowsOf(ledger: AdviceLedger, isMeant: (row: number) => boolean, first: number, last: number): number[] {
  const places: number[] = [];
  for (let row = 0; row < ledger.amount.length; row++) {
    const month = ledger.month[row] ?? -1;
    if (month >= first && month <= last && (ledger.amount[row] ?? 0) < 0 && isMeant(row)) places.push(row);
  }
  return places;
}
