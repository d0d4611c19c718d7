import { cached, type Locale } from "./locale.ts";

const dateOf = cached((key) => {
  const [locale = "en", shape = "", zone = "UTC"] = key.split("|");
  return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { ...shapes[shape], timeZone: zone });
});

const shapes: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  monthName: { month: "long" },
  monthShort: { month: "short" },
  dayMonth: { day: "numeric", month: "long" },
  dayMonthShort: { day: "numeric", month: "short" },
  dayMonthFigures: { day: "2-digit", month: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  iso: { year: "numeric", month: "2-digit", day: "2-digit" },
};

function inUtc(locale: Locale, shape: string, date: string): string {
  return inZone(locale, shape, new Date(`${date}T00:00:00Z`), "UTC");
}

/** British order; September is cut to three letters like the other months. */
function inZone(locale: Locale, shape: string, date: Date, timeZone: string): string {
  const text = dateOf(`${locale}|${shape}|${timeZone}`).format(date);
  return locale === "en" ? text.replace(/\bSept\b/, "Sep") : text;
}

/** `Октябрь 2026`, `October 2026`. */
export function formatMonth(locale: Locale, month: string): string {
  const name = inUtc(locale, "monthName", `${month}-01`);
  return `${name.charAt(0).toLocaleUpperCase(locale)}${name.slice(1)} ${month.slice(0, 4)}`;
}

/** The month's name inside a sentence: `октябрь`, `October`. */
export function formatMonthName(locale: Locale, month: string): string {
  return inUtc(locale, "monthName", `${month}-01`);
}

/** A label of a time axis: `окт`, `янв ’27`; the year stands at January and where asked. */
export function formatMonthAxis(locale: Locale, month: string, withYear = month.endsWith("-01")): string {
  const name = inUtc(locale, "monthShort", `${month}-01`).replace(".", "").slice(0, 3);
  return withYear ? `${name} ’${month.slice(2, 4)}` : name;
}

/** A date in text: `22 ноября 2026`, `22 November 2026`; without the year when asked. */
export function formatDate(locale: Locale, date: string, withYear = true): string {
  const text = inUtc(locale, "dayMonth", date);
  return withYear ? `${text} ${date.slice(0, 4)}` : text;
}

/** A date in a table: `14.10`, `14 Oct`; with the year `14.10.2026`, `14 Oct 2026`. */
export function formatDateShort(locale: Locale, date: string, withYear = false): string {
  const text = locale === "ru" ? inUtc(locale, "dayMonthFigures", date) : inUtc(locale, "dayMonthShort", date);
  if (!withYear) return text;
  return locale === "ru" ? `${text}.${date.slice(0, 4)}` : `${text} ${date.slice(0, 4)}`;
}

/** An instant in text, in a time zone: `22 ноября, 14:02`. */
export function formatInstant(locale: Locale, instant: string, timeZone: string): string {
  const date = new Date(instant);
  const shape = locale === "ru" ? "dayMonth" : "dayMonthShort";
  return `${inZone(locale, shape, date, timeZone)}, ${inZone(locale, "time", date, timeZone)}`;
}

/** The clock time of an instant in a time zone: `14:02`. */
export function formatTime(locale: Locale, instant: string, timeZone: string): string {
  return inZone(locale, "time", new Date(instant), timeZone);
}
