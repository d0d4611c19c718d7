import { addMonths, daysInMonth, monthOf, type KnownPayment, type Row } from "@saldo/schema";
import { dateOfDay, dayNumber, nameKey } from "../../recurring/index.ts";
import { revenueId, type Components } from "./components.ts";

/** A regular payment this near a planned one may be the same. */
const sameDaysMax = 10;
/** Amounts of one category this close are one payment whatever its name. */
const sameAmountShare = 0.05;
/** An item repeats at most this often within the longest horizon. */
const occurrencesMax = 600;

/** Occurrences of planned items between two days, both included; those in other currencies left out. */
export function plannedPayments(
  planned: readonly Row<"planned_item">[],
  { currency, from, until, components }: { readonly currency: string; readonly from: string; readonly until: string; readonly components: Components },
): KnownPayment[] {
  return planned
    .filter((item) => item.currency === currency && item.amountMinor !== 0)
    .flatMap((item) =>
      occurrencesOf(item, from, until).map((on) => ({
        source: "planned" as const,
        key: item.id,
        name: item.name,
        componentId: item.amountMinor > 0 ? revenueId : components.idOf(item.categoryId),
        on,
        amountMinor: item.amountMinor,
        likelihoodPermille: Math.round(item.likelihood * 1_000),
      })),
    );
}

/** Days an item is due between two days, both included. A day the month has not is its last one. */
export function occurrencesOf({ firstOn, repeat, lastOn }: Pick<Row<"planned_item">, "firstOn" | "repeat" | "lastOn">, from: string, until: string): string[] {
  const end = lastOn !== null && lastOn < until ? lastOn : until;
  const days: string[] = [];
  const within = (on: string) => on >= from && on <= end;
  if (repeat === "once") return within(firstOn) ? [firstOn] : [];
  if (repeat === "week") {
    const start = dayNumber(firstOn);
    const skipped = Math.max(0, Math.ceil((dayNumber(from) - start) / 7));
    for (let day = start + skipped * 7; dateOfDay(day) <= end && days.length < occurrencesMax; day += 7) days.push(dateOfDay(day));
    return days;
  }
  const months = repeat === "month" ? 1 : repeat === "quarter" ? 3 : 12;
  for (let month = monthOf(firstOn); month <= monthOf(end); month = addMonths(month, months)) {
    const on = `${month}-${String(Math.min(Number(firstOn.slice(8)), daysInMonth(month))).padStart(2, "0")}`;
    if (within(on)) days.push(on);
  }
  return days;
}

/** True when a planned payment and a regular one are most likely the same: near in time, and alike in name or amount. */
export function isSamePayment(plan: KnownPayment, regular: KnownPayment): boolean {
  if (Math.sign(plan.amountMinor) !== Math.sign(regular.amountMinor) || Math.abs(dayNumber(plan.on) - dayNumber(regular.on)) > sameDaysMax) return false;
  const [a, b] = [nameKey(plan.name), nameKey(regular.name)];
  const sameName = a !== "" && b !== "" && (a.includes(b) || b.includes(a));
  return sameName || (plan.componentId === regular.componentId && Math.abs(plan.amountMinor / regular.amountMinor - 1) <= sameAmountShare);
}
