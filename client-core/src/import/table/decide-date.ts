import type { DateOrder, Decision } from "../model.ts";
import type { Evidence, OrderTally } from "./evidence.ts";

const orders = ["DMY", "MDY", "YMD"] as const;
type NumericOrder = (typeof orders)[number];

/** What else speaks for day first or month first when the dates themselves do not. */
export interface DatePrior {
  readonly order: "DMY" | "MDY";
  readonly because: string;
}

/** Decides the order of day, month and year from all dates: what cannot be, then which order runs steadily, then how such files are usually written. */
export function decideDateOrder(evidence: Evidence, prior: DatePrior): Decision<DateOrder> {
  const { numericDates, selfEvidentDates, serialDates } = evidence;
  if (serialDates.count > numericDates.count + selfEvidentDates.count) {
    return { value: "serial", confidence: 0.9, reason: { code: "date_serial", params: { dates: serialDates.count } } };
  }
  if (numericDates.count === 0) {
    const dates = selfEvidentDates.count;
    return { value: prior.order, confidence: dates > 0 ? 1 : 0.3, reason: { code: dates > 0 ? "date_self_evident" : "date_none", params: { dates } } };
  }
  return byContradiction(evidence) ?? bySteadiness(evidence) ?? byCustom(evidence, prior);
}

function possibleOrders(evidence: Evidence): NumericOrder[] {
  const withYearFirst = evidence.numericDates.shortYears === evidence.numericDates.count;
  return orders.filter((order) => order !== "YMD" || withYearFirst);
}

/** A day above 12 shows the order; dates against the chosen order are refused one by one. */
function byContradiction(evidence: Evidence): Decision<DateOrder> | undefined {
  const { count } = evidence.numericDates;
  const possible = possibleOrders(evidence);
  const fewest = Math.min(...possible.map((order) => evidence.orders[order].contradictions));
  const left = possible.filter((order) => evidence.orders[order].contradictions === fewest);
  const [value] = left;
  if (value === undefined || left.length > 1) return undefined;
  const others = possible.filter((order) => order !== value).map((order) => evidence.orders[order].contradictions);
  const against = Math.min(...others);
  const params = { order: value, dates: count, proof: against, contrary: fewest };
  if (fewest > 0) return { value, confidence: fewest < against * 0.02 ? 0.8 : 0.5, reason: { code: "date_mixed", params } };
  return { value, confidence: against >= 2 ? 0.99 : 0.93, reason: { code: "date_day_above_12", params } };
}

/** Statements run forward or back in time; the wrong order jumps about. */
function bySteadiness(evidence: Evidence): Decision<DateOrder> | undefined {
  const { count, sameParts, withPoints } = evidence.numericDates;
  const left = possibleOrders(evidence).filter((order) => evidence.orders[order].contradictions === 0);
  if (sameParts === count) return { value: "DMY", confidence: 1, reason: { code: "date_same_either_way", params: { dates: count } } };
  const ranked = left.map((order) => ({ order, steady: steadiness(evidence.orders[order]) })).toSorted((a, b) => b.steady.share - a.steady.share);
  const [best, second] = ranked;
  if (best === undefined || second === undefined) return undefined;
  // Points are day first the world over; only a much steadier year-first reading of short years says otherwise.
  const needed = withPoints === count && best.order !== "DMY" ? 8 : 5;
  if (best.order === "MDY" && withPoints === count) return undefined;
  if (best.steady.steps < needed || best.steady.share < 0.97 || second.steady.share > 0.8) return undefined;
  const params = { order: best.order, steps: best.steady.steps, share: Math.round(best.steady.share * 100), other: Math.round(second.steady.share * 100) };
  return { value: best.order, confidence: best.steady.steps >= 10 ? 0.92 : 0.82, reason: { code: "date_steady", params } };
}

function steadiness(tally: OrderTally): { share: number; steps: number } {
  const steps = tally.forward + tally.back;
  return { share: steps === 0 ? 0 : Math.max(tally.forward, tally.back) / steps, steps };
}

function byCustom(evidence: Evidence, prior: DatePrior): Decision<DateOrder> {
  const { count, withPoints, shortYears } = evidence.numericDates;
  if (withPoints === count && shortYears < count) return { value: "DMY", confidence: 0.97, reason: { code: "date_points", params: { dates: count } } };
  if (withPoints === count) return { value: "DMY", confidence: 0.85, reason: { code: "date_points", params: { dates: count } } };
  return { value: prior.order, confidence: 0.55, reason: { code: "date_by_custom", params: { order: prior.order, because: prior.because, dates: count } } };
}
