import { minor } from "@saldo/schema";
import { canBeLikely, confidenceOf } from "./confidence.ts";
import { calendarDay, dateOfDay, dayNumber, dueDay, type CalendarDay, type Rhythm } from "./due-dates.ts";
import { levelsOf, signedSteps, type Levels } from "./levels.ts";
import type { RecurringRow, RecurringSeries } from "./model.ts";
import { partings, wordingNumber, type DatedRow, type Wordings } from "./parts.ts";
import { placesByParty } from "./party.ts";
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
  const datedAt = rowsDated(rows);
  const found: RecurringSeries[] = [];
  const tags: Tags = new Map();
  const isSorted = areInTimeOrder(rows);
  for (const [party, places] of placesByParty(rows)) {
    if (places.length < 2) continue;
    const dated = datedAt(places);
    found.push(...numbered(party, searchParty(isSorted ? dated : inTimeOrder(dated), tags), dayNumber(lastDay)));
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What tells names of one party apart, as it was read before for any party. */
type Tags = Map<string, string>;

/**
 * Rows by their places with what is asked of each of them. Days and wordings are worked out in the order rows stand in memory: looked up party by party, half a million
 * descriptions cost three times as much.
 */
function rowsDated(rows: readonly RecurringRow[]): (places: readonly number[]) => DatedRow[] {
  const daysByDate = new Map<string, CalendarDay>();
  const wordings: Wordings = new Map();
  const days: CalendarDay[] = [];
  const [wordingAt, amountAt] = [new Int32Array(rows.length), new Float64Array(rows.length)];
  for (const [place, { postedOn, description, amountMinor }] of rows.entries()) {
    let day = daysByDate.get(postedOn);
    if (day === undefined) daysByDate.set(postedOn, (day = calendarDay(postedOn)));
    days.push(day);
    wordingAt[place] = wordingNumber(description, wordings);
    amountAt[place] = Math.abs(amountMinor);
  }
  return (places) => {
    const dated: DatedRow[] = [];
    for (const place of places) {
      const [row, day] = [rows[place], days[place]];
      if (row !== undefined && day !== undefined) dated.push({ row, day, amount: amountAt[place] ?? 0, wording: wordingAt[place] ?? 0, size: undefined });
    }
    return dated;
  };
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
function searchParty(rows: readonly DatedRow[], tags: Tags): FoundSeries[] {
  const tracks = tracksOf(rows, tags);
  const apart = tracks.flatMap((track) => joinConsecutive(search(track, 0, Math.log2(tracks.length))));
  if (tracks.length === 1 || explainedBy(apart) > wellExplained * rows.length) return apart;
  const together = joinConsecutive(search(rows, 0, 0));
  return explainedBy(together) > explainedBy(apart) ? together : apart;
}

/** How many rows series explain, each as far as it is likely. */
function explainedBy(found: readonly FoundSeries[]): number {
  return found.reduce((sum, series) => sum + series.rows.length * series.confidence, 0);
}

/** Series among rows of one party: all rows as one, else the best way of taking them apart. */
function search(rows: readonly DatedRow[], partingsMade: number, choiceBits: number): FoundSeries[] {
  const whole = seriesOf(rows, choiceBits);
  if (whole !== undefined) return [whole, ...searchRest(rows, whole, partingsMade, choiceBits)];
  if (partingsMade === partingsMax || rows.length < 4) return [];
  let best: FoundSeries[] = [];
  let most = 0;
  for (const parts of partings(rows)) {
    const bits = choiceBits + Math.log2(parts.length);
    const found = parts.flatMap((part) => (part.length < 2 ? [] : search(part, partingsMade + 1, bits)));
    const explained = explainedBy(found);
    if (explained > most) [best, most] = [found, explained];
    if (most > wellExplained * rows.length) break;
  }
  return best;
}

/** No other way of taking rows apart is tried after one that explains this share of them. */
const wellExplained = 0.9;

function searchRest(rows: readonly DatedRow[], whole: FoundSeries, partingsMade: number, choiceBits: number): FoundSeries[] {
  if (partingsMade === partingsMax || rows.length - whole.rows.length < 2) return [];
  const taken = new Set(whole.rows);
  return search(rows.filter((row) => !taken.has(row)), partingsMade + 1, choiceBits + 1);
}

function seriesOf(rows: readonly DatedRow[], choiceBits: number): FoundSeries | undefined {
  if (!canBeLikely(rows.length, choiceBits, confidenceMin)) return undefined;
  const fit = fitRhythm(rows.map(({ day }) => day));
  if (fit === undefined) return undefined;
  const kept = fit.paid.flatMap(({ index }) => rows[index] ?? []);
  const levels = levelsOf(kept.map(({ row, amount }) => ({ on: row.postedOn, amount })));
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
