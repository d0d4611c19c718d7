import { addMonths, daysInMonth, firstDay, type Month } from "@saldo/schema";

const daysInWeek = 7;
const weekendDays = 2;
const fullWeeks = 4;
/** Days off the count by this many are about the most that happens: the regressor stays within ±1. */
const scale = 10;

/**
 * How far each of `count` months is from an equal share of working days: those beyond four full weeks, less 2.5 times the weekend days beyond them (the
 * trading day regressor of seasonal adjustment, Findley et al. 1998). Public holidays differ by country and are in the season.
 */
export function workingDays(first: Month, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, at) => {
    const month = addMonths(first, at);
    const weekday = new Date(`${firstDay(month)}T00:00:00Z`).getUTCDay();
    const beyond = daysInMonth(month) - fullWeeks * daysInWeek;
    const weekend = Array.from({ length: beyond }, (__, day) => (weekday + day) % daysInWeek).filter((day) => day === 0 || day === daysInWeek - 1).length;
    return (beyond - weekend - ((daysInWeek - weekendDays) / weekendDays) * weekend) / scale;
  });
}
