import { addMonths, lastDay, monthOf } from "@saldo/schema";
import type { Candidate } from "./candidate.ts";
import { pairNumbers } from "./grouping.ts";
import { dateOf, type Ledger } from "./ledger.ts";

/** Months looked back over, and the fewest that show a trend. */
const monthsMax = 12;
const monthsMin = 6;
/** Before this day of a month its pace says little, and the month before is looked at. */
const dayMin = 8;
/** A category at least so much above its trend is looked at: in spreads, and as a share of all that was spent. */
const spreadsMin = 2.5;
const shareMin = 0.02;
/** Largest rows shown with a category. */
const rowsShownMax = 10;

/** Features of {@link paceCandidates}. */
export const paceFeatures = ["above trend", "share of spending"] as const;

/** Categories that spent more by this day of the month than by it in any of the months before, and more than their trend. */
export function paceCandidates(ledger: Ledger): Candidate[] {
  const { count, day, category, categories, currency, currencies, amountMinor } = ledger;
  const end = dateOf(day[count - 1] ?? 0);
  const isEarly = Number(end.slice(8)) < dayMin;
  const month = isEarly ? addMonths(monthOf(end), -1) : monthOf(end);
  const through = isEarly ? lastDay(month) : end;
  const firstMonth = monthOf(dateOf(day[0] ?? 0));
  const months = Array.from({ length: monthsMax + 1 }, (_, back) => addMonths(month, -back)).filter((one) => one === month || one > firstMonth);
  if (count === 0 || months.length - 1 < monthsMin) return [];
  const groups = pairNumbers(category, currency);
  const spent = months.map(() => new Float64Array(groups.count));
  const placeOf = new Map(months.map((one, place) => [one, place]));
  const rowsOfGroup = new Map<number, number[]>();
  const [names, currencyNames] = [new Map<number, number>(), new Map<number, number>()];
  const throughDay = Number(through.slice(8));
  const isPart = throughDay < Number(lastDay(month).slice(8));
  let [known, place]: [number | undefined, number | undefined] = [undefined, undefined];
  for (let row = 0; row < count; row++) {
    if ((category[row] ?? -1) < 0) continue;
    if (day[row] !== known) {
      known = day[row];
      const date = dateOf(known ?? 0);
      place = isPart && Number(date.slice(8)) > throughDay ? undefined : placeOf.get(monthOf(date));
    }
    if (place === undefined) continue;
    const group = groups.numbers[row] ?? 0;
    const sums = spent[place];
    if (sums !== undefined) sums[group] = (sums[group] ?? 0) - (amountMinor[row] ?? 0);
    names.set(group, category[row] ?? 0);
    currencyNames.set(group, currency[row] ?? 0);
    if (place !== 0 || (amountMinor[row] ?? 0) >= 0) continue;
    const rows = rowsOfGroup.get(group);
    if (rows === undefined) rowsOfGroup.set(group, [row]);
    else rows.push(row);
  }
  const found: Candidate[] = [];
  for (const [group, number] of names) {
    const code = currencyNames.get(group) ?? 0;
    const whole = [...names.keys()].filter((one) => currencyNames.get(one) === code).reduce((sum, one) => sum + Math.max(0, spent[0]?.[one] ?? 0), 0);
    const now = spent[0]?.[group] ?? 0;
    const before = spent.slice(1).map((sums) => sums[group] ?? 0);
    const { usual, spread } = trendOf(before);
    const share = (now - usual) / Math.max(1, whole);
    // What a category came to within the year is nothing new for it.
    if (usual <= 0 || now <= Math.max(...before) || now - usual < spreadsMin * spread || share < shareMin) continue;
    const rows = (rowsOfGroup.get(group) ?? []).toSorted((a, b) => (amountMinor[a] ?? 0) - (amountMinor[b] ?? 0) || a - b).slice(0, rowsShownMax);
    const name = (categories[number] ?? "").slice(0, 300);
    const facts = { kind: "category_pace", category: name, month, throughDate: through, amountMinor: now, usualMinor: Math.round(usual), usualHighMinor: Math.round(usual + 2 * spread) } as const;
    found.push({ kind: "category_pace", suspects: [], beside: rows, features: [Math.min(8, (now - usual) / spread), share], facts, stakeMinor: Math.round(now - usual), identity: [name, month, currencies[code] ?? ""], subjectKey: name });
  }
  return found;
}

/**
 * What the next month is expected to be, the newest first: the middle with the middle of all slopes (Theil 1950), and how far months lie from it: the wider of
 * the robust spread and the standard deviation, since a category that has a large month now and then is likely to have another.
 */
function trendOf(before: readonly number[]): { readonly usual: number; readonly spread: number } {
  const slopes = before.flatMap((newer, place) => before.slice(place + 1).map((older, apart) => (newer - older) / (apart + 1)));
  const slope = middleOf(slopes);
  const levels = before.map((value, place) => value + slope * (place + 1));
  const usual = middleOf(levels);
  const distances = levels.map((level) => Math.abs(level - usual));
  const deviation = Math.sqrt(distances.reduce((sum, distance) => sum + distance ** 2, 0) / distances.length);
  return { usual, spread: Math.max(1.4826 * middleOf(distances), deviation, 0.1 * Math.abs(usual)) };
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}
