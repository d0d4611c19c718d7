import type { RecommendationItem } from "@saldo/schema";
import { derived, monthsFigure } from "./figures.ts";
import type { AdviceLedger } from "./ledger.ts";
import { isWorthTelling, priorityOf } from "./priority.ts";
import { effectOf, notEnough, type Rule, type RuleFacts } from "./rule.ts";
import { deviation, mean, normal80 } from "./statistics.ts";
import { isCutByRules } from "./subjects.ts";

const monthsMin = 6;
const yearMonths = 12;
/** The months that must each have ended in a loss. */
const recentMonths = 3;
/** Less revenue than this part of spending is no business's: the books are of a card or of a project that others pay for. */
const revenueMin = 0.1;
/** More than this part of what can be cut is not saved by cutting. */
const cutMax = 0.5;
const namesMax = 3;

/**
 * More goes out than comes in: each of the last three complete months ended in a loss, and so did the year (what there is of it) by more
 * than chance. A business that loses in winter what it earns in summer is left alone.
 */
export const runningLoss: Rule = {
  area: "profit",
  look(facts) {
    const { monthIn, monthOut } = facts.ledger;
    const last = monthOut.length - 1;
    const first = Math.max(0, last - yearMonths + 1);
    const [revenue, spending] = [[...monthIn.slice(first)], [...monthOut.slice(first)]];
    if (spending.length < monthsMin || mean(revenue) < revenueMin * mean(spending)) return notEnough;
    const losses = spending.map((spent, place) => spent - (revenue[place] ?? 0));
    const isLasting = losses.slice(-recentMonths).every((loss) => loss > 0) && mean(losses) > errorOf(losses, losses.length);
    const item = isLasting ? adviceOn(facts, losses, last) : undefined;
    return { enough: true, looked: spending.length, items: item === undefined ? [] : [item] };
  },
};

/** Half the 80% interval of a mean of so many months that vary as these do. */
function errorOf(losses: readonly number[], count: number): number {
  return (normal80 * deviation(losses)) / Math.sqrt(count);
}

function adviceOn({ ledger, monthlyExpensesMinor }: RuleFacts, losses: readonly number[], last: number): RecommendationItem | undefined {
  const first = last - recentMonths + 1;
  const loss = mean(losses.slice(-recentMonths));
  const error = errorOf(losses, recentMonths);
  const effect = effectOf("saves", "month", loss, loss - error, loss + error);
  if (!isWorthTelling(effect, monthlyExpensesMinor)) return undefined;
  const cuttable = costsToCut(ledger, first, last);
  const share = loss / Math.max(1, cuttable.reduce((sum, { perMonth }) => sum + perMonth, 0));
  const isMeant = () => true;
  const part = { first, last, isMeant, perMonth: true } as const;
  return {
    key: "stop_loss",
    code: "stop_loss",
    parameters: {
      way: share <= cutMax ? "costs" : "revenue",
      percent: Math.max(1, Math.min(100, Math.ceil(100 * share))),
      months: lossesInARow(losses),
      hasNames: cuttable.length > 0 ? "yes" : "no",
      names: cuttable.slice(0, namesMax).map(({ name }) => name.slice(0, 90)).join(", "),
    },
    effect,
    priority: priorityOf(effect, monthlyExpensesMinor),
    figures: [monthsFigure(ledger, "revenue", { direction: "in", ...part }), monthsFigure(ledger, "all_spending", { direction: "out", ...part }), derived("difference", "money_per_month", loss)],
    measure: { kind: "loss", baselineMinor: Math.round(loss) },
    source: "rule",
  };
}

function lossesInARow(losses: readonly number[]): number {
  return losses.length - 1 - losses.findLastIndex((loss) => loss <= 0);
}

/** Categories one may spend less on, dearest first, with what a month of them costs. */
function costsToCut(ledger: AdviceLedger, first: number, last: number): { readonly name: string; readonly perMonth: number }[] {
  const costs = ledger.books.categories.flatMap((category, place) => {
    if (!isCutByRules(ledger, category, place)) return [];
    const among = ledger.byCategory[place] ?? [];
    const { value } = monthsFigure(ledger, "spending", { first, last, direction: "out", isMeant: () => true, among, perMonth: true });
    return value > 0 ? [{ name: category.name, perMonth: value }] : [];
  });
  return costs.toSorted((a, b) => b.perMonth - a.perMonth || (a.name < b.name ? -1 : 1));
}
