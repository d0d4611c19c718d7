import { monthOf, type ReportDays } from "@saldo/schema";
import type { Formatters } from "../i18n/formatters.ts";

/** Days in words: a month, months, or dates. */
export function daysText({ from, to }: ReportDays, f: Formatters): string {
  const isStart = from.endsWith("-01");
  const [first, last] = [monthOf(from), monthOf(to)];
  const isWhole = isStart && isLastDay(to);
  if (isWhole && first === last) return f.month(first);
  if (isWhole && first.slice(0, 4) === last.slice(0, 4) && first.endsWith("-01") && last.endsWith("-12")) return first.slice(0, 4);
  if (isWhole) return `${f.monthAxis(first, true)} – ${f.monthAxis(last, true)}`;
  return `${f.dateShort(from, true)} – ${f.dateShort(to, true)}`;
}

/** The date after one. */
export function dayAfter(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}

function isLastDay(date: string): boolean {
  return dayAfter(date).endsWith("-01");
}
