import { minor } from "@saldo/schema";
import { canBeLikely, confidenceOf } from "./confidence.ts";
import { calendarDay, dateOfDay, dayNumber, dueDay, type CalendarDay, type Rhythm } from "./due-dates.ts";
import { levelsOf, signedSteps, type Levels } from "./levels.ts";
import type { RecurringRow, RecurringSeries } from "./model.ts";
import { partings, type DatedRow, type Wordings } from "./parts.ts";
import { rowsByParty } from "./party.ts";
import { tracksOf } from "./tracks.ts";
import { fitRhythm, periodLimits, type RhythmFit } from "./rhythm.ts";

/** Series less likely than this are left out. */
const confidenceMin = 0.6;
/** How often the rows of a party are taken apart in search of series. */
const partingsMax = 2;

/**
 * Finds series of like payments in both directions: rent, subscriptions, salaries, retainers. Each row belongs to one series at most. `asOf` is the
 * last day the rows can be complete for, the day of the latest row unless given. Give the rows of whole parties: transfers between own
 * accounts and rows that do not count in reports left out. Pure; near-linear time. Sorted by key.
 */
export function findRecurring(rows: readonly RecurringRow[], { asOf }: { readonly asOf?: string } = {}): RecurringSeries[] {
  const lastDay = asOf ?? rows.reduce((last, { postedOn }) => (postedOn > last ? postedOn : last), "");
  const daysByDate = new Map<string, CalendarDay>();
  const dayOf = (date: string): CalendarDay => {
    let day = daysByDate.get(date);
    if (day === undefined) daysByDate.set(date, (day = calendarDay(date)));
    return day;
  };
  const found: RecurringSeries[] = [];
  const names: Names = { tags: new Map(), wordings: new Map() };
  const isSorted = areInTimeOrder(rows);
  for (const [party, group] of rowsByParty(rows)) {
    if (group.length < 2) continue;
    const dated = group.map((row) => ({ row, day: dayOf(row.postedOn), wording: undefined, size: undefined }));
    found.push(...numbered(party, searchParty(isSorted ? dated : inTimeOrder(dated), names), dayNumber(lastDay)));
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What names and descriptions were read as before, for all parties. */
interface Names {
  readonly tags: Map<string, string>;
  readonly wordings: Wordings;
}

/** True for rows read in order of day and id already, as they mostly are: then those of each party are so too. */
function areInTimeOrder(rows: readonly RecurringRow[]): boolean {
  return rows.every((row, index) => {
    const before = rows[index - 1] ?? row;
    return index === 0 || before.postedOn < row.postedOn || (before.postedOn === row.postedOn && before.id < row.id);
  });
}

function inTimeOrder(rows: DatedRow[]): DatedRow[] {
  const isBefore = (a: DatedRow, b: DatedRow) => a.day.day < b.day.day || (a.day.day === b.day.day && a.row.id < b.row.id);
  const isSorted = rows.every((row, index) => index === 0 || isBefore(rows[index - 1] ?? row, row));
  return isSorted ? rows : rows.sort((a, b) => (isBefore(a, b) ? -1 : 1));
}

/** Rows that keep to a rhythm. */
interface FoundSeries {
  readonly rows: readonly DatedRow[];
  readonly fit: RhythmFit;
  readonly levels: Levels;
  readonly confidence: number;
  readonly choiceBits: number;
}

/** Series of one party: of names that differ in numbers or single letters each by itself, unless all of them together explain more of the rows. */
function searchParty(rows: readonly DatedRow[], { tags, wordings }: Names): FoundSeries[] {
  const tracks = tracksOf(rows, tags);
  const apart = tracks.flatMap((track) => joinConsecutive(search(track, wordings, 0, Math.log2(tracks.length))));
  if (tracks.length === 1 || explainedBy(apart) > wellExplained * rows.length) return apart;
  const together = joinConsecutive(search(rows, wordings, 0, 0));
  return explainedBy(together) > explainedBy(apart) ? together : apart;
}

/** How many rows series explain, each as far as it is likely. */
function explainedBy(found: readonly FoundSeries[]): number {
  return found.reduce((sum, series) => sum + series.rows.length * series.confidence, 0);
}

/** Series among rows of one party: all rows as one, else the best way of taking them apart. */
function search(rows: readonly DatedRow[], wordings: Wordings, partingsMade: number, choiceBits: number): FoundSeries[] {
  const whole = seriesOf(rows, choiceBits);
  if (whole !== undefined) return [whole, ...searchRest(rows, wordings, whole, partingsMade, choiceBits)];
  if (partingsMade === partingsMax || rows.length < 4) return [];
  let best: FoundSeries[] = [];
  let most = 0;
  for (const parts of partings(rows, wordings)) {
    const bits = choiceBits + Math.log2(parts.length);
    const found = parts.flatMap((part) => (part.length < 2 ? [] : search(part, wordings, partingsMade + 1, bits)));
    const explained = explainedBy(found);
    if (explained > most) [best, most] = [found, explained];
    if (most > wellExplained * rows.length) break;
  }
  return best;
}

/** No other way of taking rows apart is tried after one that explains this share of them. */
const wellExplained = 0.9;

function searchRest(rows: readonly DatedRow[], wordings: Wordings, whole: FoundSeries, partingsMade: number, choiceBits: number): FoundSeries[] {
  if (partingsMade === partingsMax || rows.length - whole.rows.length < 2) return [];
  const taken = new Set(whole.rows);
  return search(rows.filter((row) => !taken.has(row)), wordings, partingsMade + 1, choiceBits + 1);
}

function seriesOf(rows: readonly DatedRow[], choiceBits: number): FoundSeries | undefined {
  if (!canBeLikely(rows.length, choiceBits, confidenceMin)) return undefined;
  const fit = fitRhythm(rows.map(({ day }) => day));
  if (fit === undefined) return undefined;
  const kept = fit.paid.flatMap(({ index }) => rows[index] ?? []);
  const levels = levelsOf(kept.map(({ row }) => ({ on: row.postedOn, amount: Math.abs(row.amountMinor) })));
  const confidence = confidenceOf({
    period: fit.rhythm.period,
    payments: kept.length,
    missed: fit.missedSlots.length,
    extra: rows.length - kept.length,
    meanStray: fit.meanStray,
    spread: levels.spread,
    steps: levels.steps.length,
    choiceBits,
  });
  return confidence < confidenceMin ? undefined : { rows: kept, fit, levels, confidence, choiceBits };
}

/** Puts together series of one period that follow each other: the same payment before and after a change of amount or wording. */
function joinConsecutive(found: readonly FoundSeries[]): FoundSeries[] {
  const joined: FoundSeries[] = [];
  for (const series of found.toSorted((a, b) => firstDayOf(a) - firstDayOf(b))) {
    const at = joined.findIndex((earlier) => earlier.fit.rhythm.period === series.fit.rhythm.period && lastDayOf(earlier) < firstDayOf(series));
    const earlier = joined[at];
    const both = earlier && seriesOf([...earlier.rows, ...series.rows], Math.max(earlier.choiceBits, series.choiceBits));
    if (both?.rows.length === (earlier?.rows.length ?? 0) + series.rows.length) joined[at] = both;
    else joined.push(series);
  }
  return joined;
}

function firstDayOf({ rows }: FoundSeries): number {
  return rows[0]?.day.day ?? 0;
}

function lastDayOf({ rows }: FoundSeries): number {
  return rows.at(-1)?.day.day ?? 0;
}

/** Keys tell series of one party and period apart by the order they began in. */
function numbered(party: string, found: readonly FoundSeries[], asOf: number): RecurringSeries[] {
  const counts = new Map<string, number>();
  return found.flatMap((series) => {
    const { period } = series.fit.rhythm;
    const number = (counts.get(period) ?? 0) + 1;
    counts.set(period, number);
    return described(`${party}|${period}|${number}`, series, asOf) ?? [];
  });
}

/** The part of a series' key that its party's rows have in common: a key of `rowsByParty`. */
export function partyKeyOf(seriesKey: string): string {
  return seriesKey.replace(/\|[a-z_]+\|\d+$/, "");
}

function described(key: string, { rows, fit, levels, confidence }: FoundSeries, asOf: number): RecurringSeries | undefined {
  const [first, last] = [rows[0]?.row, rows.at(-1)?.row];
  if (first === undefined || last === undefined) return undefined;
  const { rhythm } = fit;
  const sign = last.amountMinor > 0 ? 1 : -1;
  const toleranceDays = toleranceOf(fit);
  const lastSlot = fit.paid.at(-1)?.slot ?? 0;
  const lateSlots = slotsMissedAfter(rhythm, lastSlot, asOf - toleranceDays);
  const isActive = lateSlots.length < (rhythm.period === "year" ? 1 : 2);
  const inner = fit.missedSlots.map((slot) => dateOfDay(dueDay(rhythm, slot)));
  return {
    key,
    direction: sign > 0 ? "in" : "out",
    currency: last.currency,
    name: last.counterpartyName || last.description,
    counterpartyId: last.counterpartyId,
    categoryId: last.categoryId,
    period: rhythm.period,
    dayOfMonth: rhythm.period === "week" || rhythm.period === "two_weeks" ? null : rhythm.anchor,
    toleranceDays,
    usualMinor: minor(sign * Math.round(levels.usual)),
    spreadBasisPoints: Math.round(levels.spread * 10_000),
    steps: signedSteps(levels, sign),
    rowIds: rows.map(({ row }) => row.id),
    firstOn: first.postedOn,
    lastOn: last.postedOn,
    status: isActive ? "active" : "ended",
    nextOn: isActive ? dateOfDay(dueDay(rhythm, lastSlot + lateSlots.length + 1)) : null,
    missedOn: isActive ? [...inner, ...lateSlots.map((slot) => dateOfDay(dueDay(rhythm, slot)))] : inner,
    confidence,
  };
}

/** Nine of ten payments stray less; at least a day, as a bank's day is. */
function toleranceOf({ rhythm, strays }: RhythmFit): number {
  const sorted = strays.toSorted((a, b) => a - b);
  const usual = sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0;
  return Math.min(periodLimits[rhythm.period].strayMax, Math.max(toleranceDaysMin, Math.ceil(usual)));
}

const toleranceDaysMin = 1;

/** Slots after the last paid one whose due day passed by `day`; at most three are told. */
function slotsMissedAfter(rhythm: Rhythm, lastSlot: number, day: number): number[] {
  return [1, 2, 3].map((ahead) => lastSlot + ahead).filter((slot) => dueDay(rhythm, slot) < day);
}
