/** A calendar month, `YYYY-MM`; such texts sort by time. */
export type CalendarMonth = string;

const monthPattern = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** Months since year 0, so that differences count months. Throws `RangeError` on text that is not a month. */
export function monthNumber(month: CalendarMonth): number {
  const match = monthPattern.exec(month);
  if (match === null) throw new RangeError("a month is not YYYY-MM");
  return Number(match[1]) * 12 + Number(match[2]) - 1;
}

/** The month of a {@link monthNumber}. */
export function monthOfNumber(number: number): CalendarMonth {
  const year = Math.floor(number / 12);
  return `${String(year).padStart(4, "0")}-${String(number - year * 12 + 1).padStart(2, "0")}`;
}
