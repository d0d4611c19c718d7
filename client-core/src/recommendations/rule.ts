import type { RecommendationCheck, RecommendationEffect, RecommendationItem } from "@saldo/schema";
import type { RecurringSeries } from "../recurring/index.ts";
import type { AdviceLedger } from "./ledger.ts";
import type { RowPlaces } from "./row-places.ts";

/** What a rule is given. */
export interface RuleFacts {
  readonly ledger: AdviceLedger;
  readonly series: readonly RecurringSeries[];
  readonly places: RowPlaces;
  /** Mean expenses of the last complete months, a year of them at most. */
  readonly monthlyExpensesMinor: number;
  /** By the advice of rules before this one. */
  readonly explained: readonly Explained[];
}

/** What a rule saw: `enough` is false when the books are too short for it, `looked` counts what was looked at. */
export interface RuleOutcome {
  readonly enough: boolean;
  readonly looked: number;
  readonly items: readonly RecommendationItem[];
  /** What of a category's rise the advice is about already. */
  readonly explained?: readonly Explained[];
}

/** A part of what a category costs more, by month. */
export interface Explained {
  readonly categoryId: string | null;
  readonly amountMinor: number;
}

/** One area of advice. Rules are pure: the same books give the same advice on every device. */
export interface Rule {
  readonly area: RecommendationCheck["area"];
  look(facts: RuleFacts): RuleOutcome;
}

/** The outcome of a rule that cannot look yet. */
export const notEnough: RuleOutcome = { enough: false, looked: 0, items: [] };

/** An effect in whole minor units: the amount within its range, nothing below zero. */
export function effectOf(kind: RecommendationEffect["kind"], per: RecommendationEffect["per"], amount: number, low: number, high: number): RecommendationEffect {
  const amountMinor = Math.max(0, Math.round(amount));
  return { kind, per, amountMinor, lowMinor: Math.min(amountMinor, Math.max(0, Math.round(low))), highMinor: Math.max(amountMinor, Math.round(high)) };
}
