/** Microseconds of a day. */
export const dayMicros = 86_400_000_000n;

/** Infinite dates and timestamps; beyond every finite value. */
export const endOfTime = 1n << 64n;
export const beginningOfTime = -endOfTime;

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar; year 0 is 1 BC. (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".) */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** The inverse of {@link daysFromCivil}. */
export function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

const isoDate = /^(\d+)-(\d\d)-(\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?:\+00)?)?( BC)?$/;

/** Days since 1970 of a date in ISO form. */
export function readDate(text: string): bigint {
  const micros = readTimestamp(text);
  return micros === endOfTime || micros === beginningOfTime ? micros : micros / dayMicros;
}

/** Microseconds since 1970 of a timestamp in ISO form (UTC when it has a zone). */
export function readTimestamp(text: string): bigint {
  if (text === "infinity") return endOfTime;
  if (text === "-infinity") return beginningOfTime;
  const match = isoDate.exec(text);
  if (match === null) throw new Error("not a date in ISO form");
  const [, year, month, day, time, before] = match;
  const days = daysFromCivil(before === undefined ? Number(year) : 1 - Number(year), Number(month), Number(day));
  return BigInt(days) * dayMicros + (time === undefined ? 0n : readTime(time));
}

/** Microseconds since midnight. */
export function readTime(text: string): bigint {
  const [hours = "", minutes = "", seconds = ""] = text.split(":");
  const [whole = "", fraction = ""] = seconds.split(".");
  return BigInt((Number(hours) * 60 + Number(minutes)) * 60 + Number(whole)) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}

/** The whole days of a timestamp, rounded down; infinities stay. */
export function dayOf(micros: bigint): bigint {
  if (micros === endOfTime || micros === beginningOfTime) return micros;
  const time = ((micros % dayMicros) + dayMicros) % dayMicros;
  return (micros - time) / dayMicros;
}

/** The start of a day; infinities stay. */
export function startOf(days: bigint): bigint {
  return days === endOfTime || days === beginningOfTime ? days : days * dayMicros;
}

function showCivil(days: bigint): { readonly text: string; readonly before: string } {
  const { year, month, day } = civilFromDays(Number(days));
  const shown = year > 0 ? year : 1 - year;
  const pad = (value: number, width: number): string => value.toString().padStart(width, "0");
  return { text: `${pad(shown, 4)}-${pad(month, 2)}-${pad(day, 2)}`, before: year > 0 ? "" : " BC" };
}

function showInfinity(value: bigint): string | undefined {
  return value === endOfTime ? "infinity" : value === beginningOfTime ? "-infinity" : undefined;
}

/** A date in ISO form. */
export function showDate(days: bigint): string {
  const infinite = showInfinity(days);
  if (infinite !== undefined) return infinite;
  const { text, before } = showCivil(days);
  return text + before;
}

/** A time of day in ISO form. */
export function showTime(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const fraction = (micros % 1_000_000n).toString().padStart(6, "0").replace(/0+$/, "");
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => part.toString().padStart(2, "0"));
  return parts.join(":") + (fraction === "" ? "" : `.${fraction}`);
}

/** A timestamp in ISO form; `zone` is `+00` for those with a time zone. */
export function showTimestamp(micros: bigint, zone: string): string {
  const infinite = showInfinity(micros);
  if (infinite !== undefined) return infinite;
  const days = dayOf(micros);
  const { text, before } = showCivil(days);
  return `${text} ${showTime(micros - days * dayMicros)}${zone}${before}`;
}
