import { minor, type Minor } from "@saldo/schema";
import type { RefusalCode } from "../model.ts";
import { dateRefusal, readDate } from "../values/date.ts";
import { readPlainAmount } from "../values/plain-amount.ts";

/** A statement line (`:61:`) taken apart. */
export interface Movement {
  /** Booking day as year × 10000 + month × 100 + day. */
  readonly bookedOn: number;
  readonly amountMinor: Minor;
  /** Three letters after N, F or S: TRF, CHG, MSC… */
  readonly type: string;
  readonly bankReference: string | null;
}

/** Value date, booking day, C or D with R for a reversal or E for an expected one, letter of the currency, amount, kind, references. */
const statementLine = /^(\d{6})(\d{4})?(R[CD]|E[CD]|[CD])([A-Z])?(\d{1,15}(?:[.,]\d{0,8})?)(?:([NFS])([A-Z0-9]{3}))?(.*)$/;

/** Reads `:61:`. The booking day counts where it is given; else the value date, which then must be a real day. */
export function readMovement(text: string, currency: string): Movement | { readonly refused: RefusalCode } | "expected" {
  const match = statementLine.exec(text.trim());
  if (!match) return { refused: "record_unreadable" };
  const [, value = "", booking, mark = "", , digits = "", , type = "", references = ""] = match;
  if (mark.startsWith("E")) return "expected";
  const bookedOn = bookingDay(value, booking);
  if (bookedOn < 0) return { refused: dateRefusal(bookedOn) };
  const amount = readPlainAmount(digits, currency);
  if (!amount.ok) return { refused: `amount_${amount.problem}` };
  const isOut = mark === "D" || mark === "RC";
  return { bookedOn, amountMinor: minor(isOut ? -amount.amountMinor : amount.amountMinor), type, bankReference: bankReferenceOf(references) };
}

/** Reads `YYMMDD`; years from 70 on are of the last century. */
export function readShortDate(text: string): number {
  if (!/^\d{6}$/.test(text)) return readDate(text, "YMD");
  const century = Number(text.slice(0, 2)) >= 70 ? "19" : "20";
  return readDate(`${century}${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`, "YMD");
}

/** The booking day has no year: it is that of the value date, or one beside it around New Year. */
function bookingDay(value: string, booking: string | undefined): number {
  if (booking === undefined) return readShortDate(value);
  const [valueMonth, month] = [Number(value.slice(2, 4)), Number(booking.slice(0, 2))];
  const step = month - valueMonth > 6 ? -1 : valueMonth - month > 6 ? 1 : 0;
  const year = (Number(value.slice(0, 2)) + step + 100) % 100;
  return readShortDate(`${String(year).padStart(2, "0")}${booking}`);
}

function bankReferenceOf(references: string): string | null {
  const reference = references.split("//")[1]?.trim() ?? "";
  return reference === "" || reference === "NONREF" ? null : reference;
}
