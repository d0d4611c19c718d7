import { recommendationsMax, type RecommendationsReport } from "@saldo/schema";
import { findRecurring } from "../recurring/index.ts";
import { lateCollections } from "./collections.ts";
import { concentration } from "./concentration.ts";
import { fees } from "./fees.ts";
import { adviceLedger, type AdviceBooks, type AdviceLedger } from "./ledger.ts";
import { runningLoss } from "./loss.ts";
import { overspend } from "./overspend.ts";
import { priceRises } from "./prices.ts";
import { byValue } from "./priority.ts";
import { rowPlaces } from "./row-places.ts";
import type { Explained, Rule, RuleFacts } from "./rule.ts";
import { seasonAhead } from "./season.ts";
import { cashShortfall } from "./shortfall.ts";
import { mean } from "./statistics.ts";
import { subscriptions } from "./subscriptions.ts";

/** In the order a person reads what was looked at; what prices and subscriptions explain comes before what is asked of whole categories. */
const rules: readonly Rule[] = [cashShortfall, runningLoss, priceRises, subscriptions, overspend, fees, lateCollections, concentration, seasonAhead];
/** Months means of expenses and revenue are of. */
const meanMonths = 12;

/** Works out what to do from the rows of a company in one currency. Pure: equal books give equal advice. */
export function advise(books: AdviceBooks): RecommendationsReport {
  return adviceOf(books).report;
}

/** The same, with the rows as columns for whoever measures what came of earlier advice. */
export function adviceOf(books: AdviceBooks): { readonly report: RecommendationsReport; readonly ledger: AdviceLedger } {
  const ledger = adviceLedger(books);
  const { months, rows, currency } = books;
  const series = findRecurring(rows);
  const facts: Omit<RuleFacts, "explained"> = {
    ledger,
    series,
    places: rowPlaces(ledger, series),
    monthlyExpensesMinor: Math.round(mean([...ledger.monthOut.slice(-meanMonths)])),
  };
  const explained: Explained[] = [];
  const outcomes = rules.map((rule) => {
    const outcome = rule.look({ ...facts, explained });
    explained.push(...(outcome.explained ?? []));
    return { area: rule.area, ...outcome };
  });
  const [first] = months;
  const last = months.at(-1);
  const report: RecommendationsReport = {
    version: 1,
    currency,
    dataThrough: ledger.dataThrough === "" ? null : ledger.dataThrough,
    months: first === undefined || last === undefined ? null : { first, last, count: months.length },
    monthlyExpensesMinor: facts.monthlyExpensesMinor,
    checks: outcomes.map(({ area, enough, looked, items }) => ({ area, outcome: items.length > 0 ? "found" : enough ? "clear" : "not_enough_data", looked })),
    items: outcomes
      .flatMap(({ items }) => items)
      .toSorted(byValue)
      .slice(0, recommendationsMax),
  };
  return { report, ledger };
}
