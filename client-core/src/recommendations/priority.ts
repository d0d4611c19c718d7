import type { RecommendationEffect, RecommendationItem } from "@saldo/schema";

/** A monthly effect is weighed over a quarter against a month's expenses; one that comes once is taken as it is. In basis points. */
const highBasisPoints = 1_000;
const mediumBasisPoints = 300;
/** Smaller advice is not given: it costs more attention than it brings. */
const worthBasisPoints = 50;
const quarterMonths = 3;

function weight({ per, amountMinor }: Pick<RecommendationEffect, "per" | "amountMinor">, monthlyExpensesMinor: number): number {
  const amount = per === "month" ? quarterMonths * amountMinor : amountMinor;
  return monthlyExpensesMinor <= 0 ? 0 : (amount / monthlyExpensesMinor) * 10_000;
}

/** True when an effect is large enough to be told. */
export function isWorthTelling(effect: Pick<RecommendationEffect, "per" | "amountMinor">, monthlyExpensesMinor: number): boolean {
  return effect.amountMinor > 0 && weight(effect, monthlyExpensesMinor) >= worthBasisPoints;
}

/** High from a tenth of a month's expenses in a quarter, medium from three hundredths, else low. */
export function priorityOf(effect: RecommendationEffect, monthlyExpensesMinor: number): RecommendationItem["priority"] {
  const share = weight(effect, monthlyExpensesMinor);
  return share >= highBasisPoints ? "high" : share >= mediumBasisPoints ? "medium" : "low";
}

const rank = { high: 0, medium: 1, low: 2 } as const;

/** By priority, then by the money within a quarter, then by key. */
export function byValue(a: RecommendationItem, b: RecommendationItem): number {
  return rank[a.priority] - rank[b.priority] || weight(b.effect, 1) - weight(a.effect, 1) || (a.key < b.key ? -1 : 1);
}
