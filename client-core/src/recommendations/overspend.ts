import type { RecommendationItem } from "@saldo/schema";
import { derived, monthsFigure } from "./figures.ts";
import { monthlySums, type AdviceLedger } from "./ledger.ts";
import { isWorthTelling, priorityOf } from "./priority.ts";
import { effectOf, notEnough, type Rule, type RuleFacts } from "./rule.ts";
import { deviation, mean, median, medianSlope, normal80 } from "./statistics.ts";
import { isCutByRules } from "./subjects.ts";

/** The months that are judged, and those that lead to expect something of them. */
const recentMonths = 3;
const baseMonthsMin = 6;
const baseMonthsMax = 12;
/** The mean of the recent months must lie this many of its standard deviations above what is expected. */
const deviationsMin = 3;
/** And by this part of it. */
const excessMin = 0.1;
/** Months of a series never differ by less than this part, however calm the past was. */
const calmestDeviation = 0.03;
/** A category may grow with revenue: its share of revenue must have risen by this part. */
const shareRiseMin = 0.05;
/** Last year's same months explain the recent ones when they were at least this part of them. */
const sameSeasonMin = 0.9;
/** Where price rises and duplicates make up this part of the excess, they are told and not the category. */
const explainedMin = 0.5;

/** Categories that cost more than their own past leads to expect, in each of the last three complete months. */
export const overspend: Rule = {
  area: "overspend",
  look(facts) {
    const { ledger } = facts;
    if (ledger.books.months.length < baseMonthsMin + recentMonths) return notEnough;
    const spent = ledger.books.categories.map((category, place) => ({ category, place })).filter(({ category, place }) => isCutByRules(ledger, category, place));
    return { enough: true, looked: spent.length, items: spent.flatMap(({ place }) => lookAt(facts, place) ?? []) };
  },
};

function lookAt({ ledger, explained, monthlyExpensesMinor }: RuleFacts, place: number): RecommendationItem | undefined {
  const category = ledger.books.categories[place];
  if (category === undefined) return undefined;
  const isMeant = () => true;
  const among = ledger.byCategory[place] ?? [];
  const sums = [...monthlySums(ledger, -1, isMeant, among)];
  const found = excessOf(sums, ledger);
  if (found === undefined) return undefined;
  const { expected, recent, spread, first } = found;
  const excess = recent - expected;
  const known = explained.reduce((sum, { categoryId, amountMinor }) => (categoryId === category.id ? sum + amountMinor : sum), 0);
  if (known >= explainedMin * excess) return undefined;
  const effect = effectOf("saves", "month", excess, excess - normal80 * spread, excess + normal80 * spread);
  if (!isWorthTelling(effect, monthlyExpensesMinor)) return undefined;
  const last = sums.length - 1;
  const part = { direction: "out", isMeant, among, categoryId: category.id, perMonth: true } as const;
  const yearAgo = first - 12;
  return {
    key: `reduce_category/${category.id}`,
    code: "reduce_category",
    parameters: { name: category.name, percent: Math.max(1, Math.round((100 * excess) / recent)), months: recentMonths },
    effect,
    priority: priorityOf(effect, monthlyExpensesMinor),
    figures: [
      monthsFigure(ledger, "now", { first, last, ...part }),
      monthsFigure(ledger, "before", { first: first - found.baseCount, last: first - 1, ...part }),
      derived("usual", "money_per_month", expected),
      ...(yearAgo < 0 ? [] : [monthsFigure(ledger, "last_year", { first: yearAgo, last: yearAgo + recentMonths - 1, ...part })]),
      derived("difference", "money_per_month", excess),
    ],
    measure: { kind: "outflow", categoryId: category.id, baselineMinor: Math.round(recent) },
    source: "rule",
  };
}

interface Excess {
  readonly first: number;
  readonly baseCount: number;
  readonly recent: number;
  /** Mean of the recent months by the base's median and its upward trend. */
  readonly expected: number;
  /** Standard deviation of the recent mean around what is expected. */
  readonly spread: number;
}

function excessOf(sums: readonly number[], ledger: AdviceLedger): Excess | undefined {
  const first = sums.length - recentMonths;
  const base = sums.slice(Math.max(0, first - baseMonthsMax), first);
  const months = sums.slice(first);
  if (base.filter((value) => value > 0).length < baseMonthsMin) return undefined;
  const slope = Math.max(0, medianSlope(base));
  const flat = base.map((value, index) => value - slope * index);
  const level = median(flat);
  const expectedAt = (index: number) => level + slope * (base.length + index);
  const expected = mean(months.map((_, index) => expectedAt(index)));
  const monthly = Math.max(deviation(flat), calmestDeviation * expected);
  const spread = monthly * Math.sqrt(1 / recentMonths + 1 / base.length);
  const recent = mean(months);
  if (recent < expected * (1 + excessMin) || recent - expected < deviationsMin * spread) return undefined;
  if (months.some((value, index) => value < expectedAt(index) + monthly)) return undefined;
  if (isOfTheSeason(sums, first, recent) || growsWithRevenue(ledger.monthIn, first, base.length, recent, expected)) return undefined;
  return { first, baseCount: base.length, recent, expected, spread };
}

function isOfTheSeason(sums: readonly number[], first: number, recent: number): boolean {
  return first >= 12 && mean(sums.slice(first - 12, first - 12 + recentMonths)) >= sameSeasonMin * recent;
}

function growsWithRevenue(revenue: Float64Array, first: number, baseCount: number, recent: number, expected: number): boolean {
  const now = mean([...revenue.slice(first)]);
  const before = mean([...revenue.slice(first - baseCount, first)]);
  return before > 0 && now > 0 && recent / now < (expected / before) * (1 + shareRiseMin);
}
