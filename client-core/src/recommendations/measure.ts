import { addMonths, lastDay, monthOf, type RecommendationEffect, type RecommendationMeasure, type StoredRecommendation } from "@saldo/schema";
import { isCompared } from "./concentration.ts";
import { daysBetween } from "./days.ts";
import { feesByMonth } from "./fees.ts";
import { monthlySums, type AdviceLedger } from "./ledger.ts";
import { mean } from "./statistics.ts";

/** What became of advice that was followed. */
export interface MeasuredResult {
  /** Days the result is of. */
  readonly from: string;
  readonly to: string;
  readonly per: RecommendationEffect["per"];
  /** Negative when it became worse. */
  readonly amountMinor: number;
}

/** A result is of the three complete months after the decision at most. */
const measuredMonthsMax = 3;
/** What came in once is counted for so long. */
const inflowDays = 30;

/** The result of advice decided on; null while no complete month has passed since, or where nothing can be held against it. */
export function measuredResult(ledger: AdviceLedger, { item, decidedAt }: StoredRecommendation): MeasuredResult | null {
  if (decidedAt === null || item.measure.kind === "none") return null;
  const decidedOn = decidedAt.slice(0, 10);
  if (item.measure.kind === "inflow") return measuredInflow(ledger, item.measure.counterpartyNames, decidedOn);
  const { months } = ledger.books;
  const first = months.indexOf(addMonths(monthOf(decidedOn), 1));
  if (first < 0) return null;
  const last = Math.min(months.length - 1, first + measuredMonthsMax - 1);
  const span = { from: `${months[first] ?? ""}-01`, to: lastDay(months[last] ?? ""), per: "month" } as const;
  return { ...span, amountMinor: Math.round(savedPerMonth(ledger, item.measure, first, last)) };
}

type MonthlyMeasure = Extract<RecommendationMeasure, { kind: "outflow" | "fee_share" | "loss" | "share" }>;

function savedPerMonth(ledger: AdviceLedger, measure: MonthlyMeasure, first: number, last: number): number {
  const of = (sums: Float64Array) => mean([...sums.slice(first, last + 1)]);
  if (measure.kind === "fee_share") return (measure.baselineBasisPoints / 10_000) * of(ledger.monthIn) - of(feesByMonth(ledger, measure.of));
  if (measure.kind === "loss") return measure.baselineMinor - (of(ledger.monthOut) - of(ledger.monthIn));
  if (measure.kind === "share") return (measure.baselineBasisPoints / 10_000) * of(sharedSums(ledger, measure)) - of(sharedSums(ledger, measure, new Set(measure.counterpartyNames)));
  const { rows } = ledger.books;
  const names = measure.counterpartyNames === undefined ? undefined : new Set(measure.counterpartyNames);
  const isMeant = (row: number) => {
    const one = rows[row];
    return one !== undefined && (measure.categoryId === undefined || one.categoryId === measure.categoryId) && (names === undefined || names.has(one.counterpartyName ?? ""));
  };
  return measure.baselineMinor - of(monthlySums(ledger, -1, isMeant));
}

/** What came in or went out by month, of some names or of all. */
function sharedSums(ledger: AdviceLedger, { direction }: Extract<RecommendationMeasure, { kind: "share" }>, names?: ReadonlySet<string>): Float64Array {
  const isMeant = isCompared(ledger, direction);
  return monthlySums(ledger, direction === "in" ? 1 : -1, (row) => isMeant(row) && (names === undefined || names.has(ledger.books.rows[row]?.counterpartyName ?? "")));
}

function measuredInflow(ledger: AdviceLedger, counterpartyNames: readonly string[], decidedOn: string): MeasuredResult | null {
  if (daysBetween(decidedOn, ledger.dataThrough) < inflowDays) return null;
  const names = new Set(counterpartyNames);
  const received = ledger.books.rows.filter(({ postedOn, amountMinor, counterpartyName }) => amountMinor > 0 && postedOn > decidedOn && daysBetween(decidedOn, postedOn) <= inflowDays && names.has(counterpartyName ?? ""));
  const to = new Date(Date.parse(decidedOn) + inflowDays * 86_400_000).toISOString().slice(0, 10);
  return { from: decidedOn, to, per: "once", amountMinor: received.reduce((sum, { amountMinor }) => sum + amountMinor, 0) };
}
