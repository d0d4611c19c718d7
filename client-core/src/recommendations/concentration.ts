import type { RecommendationItem } from "@saldo/schema";
import { derived, monthsFigure, namesOf } from "./figures.ts";
import { monthlySums, type AdviceLedger, type Party } from "./ledger.ts";
import { effectOf, notEnough, type Rule, type RuleFacts } from "./rule.ts";
import { deviation, mean, normal80 } from "./statistics.ts";
import { isBoundTo, isGateway, isPayroll, isTax } from "./subjects.ts";

const monthsMin = 6;
const yearMonths = 12;
/** One name behind this part of a year's revenue or spending is too much; behind the larger part it is urgent. */
const shareMin = 4_000;
const shareUrgent = 6_000;

/** One client behind much of the revenue, or one vendor behind much of the spending that is not people, taxes or fees. */
export const concentration: Rule = {
  area: "concentration",
  look(facts) {
    const months = facts.ledger.books.months.length;
    if (months < monthsMin) return notEnough;
    const items = [largest(facts, "in"), largest(facts, "out")].flatMap((item) => item ?? []);
    return { enough: true, looked: facts.ledger.parties.length, items };
  },
};

function largest(facts: RuleFacts, direction: "in" | "out"): RecommendationItem | undefined {
  const { ledger } = facts;
  const sign = direction === "in" ? 1 : -1;
  const last = ledger.books.months.length - 1;
  const first = Math.max(0, last - yearMonths + 1);
  const isMeant = isCompared(ledger, direction);
  const total = sumOf(monthlySums(ledger, sign, isMeant), first);
  let best: { readonly party: Party; readonly sums: Float64Array; readonly amount: number } | undefined;
  for (const party of ledger.parties) {
    if (isGateway(party) || (direction === "out" && isBoundTo(ledger, party))) continue;
    const sums = monthlySums(ledger, sign, isMeant, party.rows);
    const amount = sumOf(sums, first);
    if (amount > (best?.amount ?? 0)) best = { party, sums, amount };
  }
  const names = best === undefined ? undefined : namesOf(best.party);
  if (best === undefined || names === undefined || total <= 0) return undefined;
  const share = Math.round((best.amount / total) * 10_000);
  if (share < shareMin) return undefined;
  const monthly = [...best.sums.slice(first)];
  const spread = (normal80 * deviation(monthly)) / Math.sqrt(monthly.length);
  const isUrgent = share >= shareUrgent;
  const priorities = direction === "in" ? (["high", "medium"] as const) : (["medium", "low"] as const);
  return {
    key: `${direction === "in" ? "widen_clients" : "widen_vendors"}/${best.party.key.slice(0, 150)}`,
    code: direction === "in" ? "widen_clients" : "widen_vendors",
    parameters: { name: best.party.name.slice(0, 300), percent: Math.round(share / 100), months: monthly.length, limit: shareMin / 100 },
    effect: effectOf("protects", "month", mean(monthly), mean(monthly) - spread, mean(monthly) + spread),
    priority: priorities[isUrgent ? 0 : 1],
    figures: [
      monthsFigure(ledger, direction === "in" ? "received" : "spending", { first, last, direction, isMeant, among: best.party.rows, perMonth: false, counterpartyNames: names }),
      direction === "in" ? monthsFigure(ledger, "revenue", { first, last, direction, isMeant, perMonth: false }) : derived("all_spending", "money", total),
      derived("share", "basis_points", share),
    ],
    measure: { kind: "share", direction, counterpartyNames: names, baselineBasisPoints: share },
    source: "rule",
  };
}

/** What is looked at on a side: of spending, what is not people, taxes or fees. */
export function isCompared(ledger: AdviceLedger, direction: "in" | "out"): (row: number) => boolean {
  return (row) => direction === "in" || (!isTax(ledger, row) && !isPayroll(ledger, row));
}

function sumOf(sums: Float64Array, first: number): number {
  return sums.slice(first).reduce((sum, value) => sum + value, 0);
}
