import { beginningOfTime, civilFromDays, dayMicros, dayOf, daysFromCivil, endOfTime } from "./instant.ts";

/** A Postgres interval. */
export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

const iso = /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-)?(\d+)(?:\.(\d{1,6}))?S)?)?$/;

/** Reads an interval in ISO 8601 form (`IntervalStyle=iso_8601`). */
export function readInterval(text: string): Interval | "infinity" | "-infinity" {
  if (text === "infinity" || text === "-infinity") return text;
  const match = iso.exec(text);
  if (match === null) throw new Error("not an interval in ISO form");
  const [, years = "0", months = "0", days = "0", hours = "0", minutes = "0", minus, seconds = "0", fraction = ""] = match;
  const part = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  const micros = (BigInt(hours) * 60n + BigInt(minutes)) * 60_000_000n + (minus === undefined ? part : -part);
  return { months: Number(years) * 12 + Number(months), days: Number(days), micros };
}

const monthDays = 30n;

/** The length by which intervals are compared: a month has 30 days, a day 24 hours. */
export function intervalLength(value: Interval | "infinity" | "-infinity"): bigint {
  if (value === "infinity") return 1n << 100n;
  if (value === "-infinity") return -(1n << 100n);
  return (BigInt(value.months) * monthDays + BigInt(value.days)) * dayMicros + value.micros;
}

/** Adds an interval to a timestamp: months first (to the last day of a shorter month), then days, then time. In UTC days have 24 hours. */
export function addInterval(timestamp: bigint, { months, days, micros }: Interval): bigint {
  if (timestamp === endOfTime || timestamp === beginningOfTime) return timestamp;
  let day = Number(dayOf(timestamp));
  const time = timestamp - BigInt(day) * dayMicros;
  if (months !== 0) {
    const civil = civilFromDays(day);
    const month = civil.year * 12 + civil.month - 1 + months;
    const [year, monthOfYear] = [Math.floor(month / 12), (((month % 12) + 12) % 12) + 1];
    const first = daysFromCivil(year, monthOfYear, 1);
    const length = (monthOfYear === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, monthOfYear + 1, 1)) - first;
    day = first + Math.min(civil.day, length) - 1;
  }
  return BigInt(day + days) * dayMicros + time + micros;
}
