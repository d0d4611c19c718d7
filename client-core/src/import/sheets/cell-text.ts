import type { NumberFormat } from "./number-format.ts";

/** Days from the first day of the 1900 date system to that of 1904. */
const days1904 = 1462;
/** 29 February 1900, which spreadsheets count though it never was. */
const leapDay1900 = 60;
const msPerDay = 86_400_000;
const cachedDaysMax = 10_000;

/** Writes the number of a cell under its format; one for each workbook, since days are cached. */
export type NumberWriter = (value: number | string, format: NumberFormat) => string;

/**
 * Makes the function that writes a typed cell as text that can be read in one way only: dates year first, numbers with a decimal point
 * and never exactly three digits after it, the currency of the number format behind. So the reader of columns takes types as evidence
 * and guesses nothing anew. Numbers come as numbers or as the file's own decimal text.
 */
export function numberWriter(is1904: boolean): NumberWriter {
  const days = new Map<number, string | undefined>();
  const dayText = (serial: number): string | undefined => {
    if (!Number.isInteger(serial)) return serialText(serial, is1904);
    if (days.has(serial)) return days.get(serial);
    if (days.size >= cachedDaysMax) days.clear();
    const text = serialText(serial, is1904);
    days.set(serial, text);
    return text;
  };
  return (value, format) => {
    if (format.kind === "date" || format.kind === "time") {
      const serial = Number(value);
      const text = format.kind === "time" && serial >= 0 && serial < 1 ? timeText(serial) : dayText(serial);
      if (text !== undefined) return text;
    }
    const plain = plainNumber(typeof value === "string" && isShortDecimal(value) ? value : decimalText(Number(value)), format.isAmount || format.currency !== null);
    return format.currency === null ? plain : `${plain} ${format.currency}`;
  };
}

/** True for a decimal text of at most fifteen characters: it stands as it is. */
function isShortDecimal(text: string): boolean {
  if (text.length === 0 || text.length > 15) return false;
  let points = 0;
  for (let at = text.charCodeAt(0) === 45 ? 1 : 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 46) points += 1;
    else if (code < 48 || code > 57) return false;
  }
  return points <= 1 && text.charCodeAt(text.length - 1) !== 46 && text !== "-";
}

/** Fifteen significant digits, as spreadsheets show: what lies beyond is the noise of binary fractions. */
function decimalText(value: number): string {
  if (!Number.isFinite(value)) return "#NUM!";
  const known = Number.isInteger(value) ? value : Number(value.toPrecision(15));
  const text = String(known);
  if (!text.includes("e")) return text;
  return Math.abs(known) < 1 ? known.toFixed(12).replace(/\.?0+$/, "") : BigInt(Math.round(known)).toString();
}

function plainNumber(text: string, isAmount: boolean): string {
  const point = text.indexOf(".");
  const decimals = point < 0 ? 0 : text.length - point - 1;
  if (decimals === 3) return `${text}0`;
  if (!isAmount || decimals > 1) return text;
  return decimals === 1 ? `${text}0` : `${text}.00`;
}

/** A day number as `YYYY-MM-DD`, with the time of day where there is one; `undefined` outside of the calendar of spreadsheets. */
function serialText(serial: number, is1904: boolean): string | undefined {
  if (!(serial >= 0 && serial < 2_958_466)) return undefined;
  const since1900 = is1904 ? serial + days1904 : serial < leapDay1900 ? serial + 1 : serial;
  const day = Math.floor(since1900);
  const seconds = Math.round((since1900 - day) * 86_400);
  const instant = new Date(Date.UTC(1899, 11, 30) + day * msPerDay + seconds * 1000).toISOString();
  return seconds === 0 ? instant.slice(0, 10) : `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
}

function timeText(fraction: number): string {
  return new Date(Math.round(fraction * 86_400) * 1000).toISOString().slice(11, 19);
}
