import { daysBetween } from "./days.ts";

/** A document that asks for money, not a contract, whose date says nothing about the payment. */
const invoiceDate = /(?<!\p{L})(?:сч[её]т\p{L}*|сч\.?|invoice|inv\.?|накладн\p{L}*|упд|акт\p{L}*)(?!\p{L})[^\n]{0,40}?(?:(?<!\p{L})(?:от|dated|of)(?!\p{L})\s*)(\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{2}-\d{2})/iu;
/** Told fast: a document is looked for only where a date stands. */
const anyDate = /\d[./-]\d{2}/;
/** A payment longer after its document is of another one. */
const delayDaysMax = 365;

/** Days from the invoice a purpose names to the payment; undefined when it names none, or one of another time. */
export function daysSinceInvoice(description: string, postedOn: string): number | undefined {
  const text = anyDate.test(description) ? invoiceDate.exec(description)?.[1] : undefined;
  if (text === undefined) return undefined;
  const date = isoOf(text, postedOn);
  const days = date === undefined ? Number.NaN : daysBetween(date, postedOn);
  return days >= 0 && days <= delayDaysMax ? days : undefined;
}

/** Day before month, unless only the other way round is a date that is not after the payment. */
function isoOf(text: string, postedOn: string): string | undefined {
  if (text.includes("-")) return validDate(text);
  const [a = "", b = "", year = ""] = text.split(/[./]/);
  const dayFirst = validDate(`${year}-${b.padStart(2, "0")}-${a.padStart(2, "0")}`);
  if (dayFirst !== undefined && (dayFirst <= postedOn || !text.includes("/"))) return dayFirst;
  return validDate(`${year}-${a.padStart(2, "0")}-${b.padStart(2, "0")}`);
}

function validDate(iso: string): string | undefined {
  const time = Date.parse(iso);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : iso;
}
