import { bridgeStepsMax, minor, sumMinor, type DetailCategory, type DetailFigures, type DetailReport, type Minor } from "@saldo/schema";
import { rowsOfCategories } from "./categories.ts";
import { byAmount } from "./tree.ts";

type Bridge = NonNullable<DetailReport["bridge"]>;

/** Why profit is another than before: revenue, then the top categories of expenses whose change was largest, then all others together. */
export function profitBridge({ revenue, profit }: DetailReport["profitAndLoss"], categories: readonly DetailCategory[]): Bridge | null {
  const against = revenue.figures.previousMinor !== null ? "previous" : "year_ago";
  const before = (figures: DetailFigures): Minor | null => {
    const amountMinor = against === "previous" ? figures.previousMinor : figures.yearAgoMinor;
    return amountMinor === null ? null : minor(amountMinor);
  };
  const fromMinor = before(profit.figures);
  if (fromMinor === null) return null;
  const change = (figures: DetailFigures) => minor(figures.currentMinor - (before(figures) ?? 0));
  const tops = categories.filter(({ side, depth }) => side === "expenses" && depth === 0);
  const changed = tops
    .map(({ categoryId, name, slot, figures, rows }) => ({ kind: "category" as const, categoryId, name, slot, deltaMinor: minor(-change(figures)), rows }))
    .filter(({ deltaMinor }) => deltaMinor !== 0)
    .toSorted(byAmount(({ deltaMinor }) => Math.abs(deltaMinor)));
  const shown = changed.slice(0, changed.length > bridgeStepsMax ? bridgeStepsMax - 1 : bridgeStepsMax);
  const rest = changed.slice(shown.length);
  const none = { categoryId: null, name: null, slot: 0 };
  const steps: Bridge["steps"] = [{ kind: "revenue", ...none, deltaMinor: change(revenue.figures), rows: revenue.rows }, ...shown];
  if (rest.length > 0) {
    const rows = rowsOfCategories("expenses", rest.flatMap((step) => step.rows.categoryIds ?? []));
    steps.push({ kind: "rest", ...none, deltaMinor: sumMinor(rest.map(({ deltaMinor }) => deltaMinor)), rows });
  }
  return { against, fromMinor, toMinor: profit.figures.currentMinor, steps };
}
