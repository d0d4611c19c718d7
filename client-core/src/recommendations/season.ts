import { addMonths, type RecommendationItem } from "@saldo/schema";
import { derived, monthsFigure } from "./figures.ts";
import { monthlySums } from "./ledger.ts";
import { isWorthTelling, priorityOf } from "./priority.ts";
import { effectOf, notEnough, type Rule, type RuleFacts } from "./rule.ts";
import { deviation, mean, median } from "./statistics.ts";
import { isCutByRules } from "./subjects.ts";

const yearMonths = 12;
/** The month must have stood out in each of two past years at least. */
const yearsMin = 2;
const aheadMonths = 3;
/** It stands out when it is this many times the other months of its year, and this many of their deviations above them. */
const timesMin = 1.5;
const deviationsMin = 4;

/** Categories that cost far more in one of the next three months, year after year: there is time to order early, bargain, or set money aside. */
export const seasonAhead: Rule = {
  area: "season",
  look(facts) {
    const { ledger } = facts;
    const months = ledger.books.months;
    if (months.length < yearsMin * yearMonths) return notEnough;
    const places = ledger.books.categories.flatMap((category, place) => (isCutByRules(ledger, category, place) ? [place] : []));
    const ahead = Array.from({ length: aheadMonths }, (_, index) => index + 1);
    const items = places.flatMap((place) => {
      const sums = [...monthlySums(ledger, -1, () => true, ledger.byCategory[place])];
      return ahead.flatMap((steps) => lookAt(facts, place, sums, steps) ?? []).slice(0, 1);
    });
    return { enough: true, looked: places.length, items };
  },
};

function lookAt({ ledger, monthlyExpensesMinor }: RuleFacts, place: number, sums: readonly number[], steps: number): RecommendationItem | undefined {
  const category = ledger.books.categories[place];
  const lastMonth = ledger.books.months.at(-1);
  if (category === undefined || lastMonth === undefined) return undefined;
  const years = peaks(sums, sums.length - 1 + steps);
  if (years === undefined) return undefined;
  const extras = years.map(({ extra }) => extra);
  const effect = effectOf("sets_aside", "once", mean(extras), Math.min(...extras), Math.max(...extras));
  if (!isWorthTelling(effect, monthlyExpensesMinor)) return undefined;
  const month = addMonths(lastMonth, steps);
  const part = { direction: "out", isMeant: () => true, among: ledger.byCategory[place] ?? [], categoryId: category.id, perMonth: false } as const;
  const seasons = years.slice(0, yearsMin).map(({ at }, index) => monthsFigure(ledger, index === 0 ? "season" : "season_before", { first: at, last: at, ...part }));
  return {
    key: `prepare_season/${category.id}/${month}`,
    code: "prepare_season",
    parameters: { name: category.name, month, years: years.length },
    effect,
    priority: priorityOf(effect, monthlyExpensesMinor),
    figures: [...seasons, derived("usual", "money_per_month", median(sums.slice(-yearMonths)))],
    measure: { kind: "none" },
    source: "rule",
  };
}

/** The same month in the years before, newest first, with what it cost above the others at today's level; undefined unless it stood out in each. */
function peaks(sums: readonly number[], target: number): { readonly at: number; readonly extra: number }[] | undefined {
  const level = median(sums.slice(-yearMonths));
  const found: { at: number; extra: number }[] = [];
  for (let at = target - yearMonths; at >= 0; at -= yearMonths) {
    const from = Math.min(Math.max(0, at - yearMonths / 2), sums.length - yearMonths);
    const others = sums.slice(from, from + yearMonths).filter((_, index) => from + index !== at);
    const usual = median(others);
    const value = sums[at] ?? 0;
    if (usual <= 0 || value < timesMin * usual || value - usual < deviationsMin * deviation(others)) return undefined;
    found.push({ at, extra: (value - usual) * (level / usual) });
  }
  return found.length >= yearsMin ? found : undefined;
}
