import { addMonths, daysInMonth, monthRange, type Month, type Row } from "@saldo/schema";

/** The months of every ledger, oldest first; the last one is complete. */
export const ledgerMonths = monthRange("2024-10", "2026-09");
/** The day ledgers are looked at. */
export const ledgerToday = "2026-10-03";

/** One movement of money of a ledger that is judged; positive comes in. */
export interface Posting {
  readonly on: string;
  readonly amountMinor: number;
  readonly party: string;
  readonly category: string;
  readonly description: string;
  readonly kind: Row<"transaction">["kind"];
}

/** What a payment is by nature, which causes choose their victims by. */
export type Role = "client" | "fixed_fee" | "variable" | "marketing" | "fees" | "other";

/** A counterparty of a ledger. */
export interface LedgerParty {
  readonly name: string;
  readonly role: Role;
}

/** Books before causes are planted. */
export interface BaseLedger {
  readonly name: string;
  readonly origin: "real_spend" | "generated";
  readonly locale: "en" | "ru";
  readonly currency: string;
  readonly parties: readonly LedgerParty[];
  readonly postings: readonly Posting[];
  /** Money on the account at the end of the last month. */
  readonly cashMinor: number;
}

/** Name of the category that marketing is in, by language. */
export const marketingCategory = { en: "Marketing", ru: "Реклама" } as const;
/** Name of the category that fees of the bank are in. */
export const feesCategory = { en: "Bank fees", ru: "Комиссии банка" } as const;

/** A day of a month; the last one where the month is shorter. */
export function dayOf(month: Month, day: number): string {
  return `${month}-${String(Math.min(Math.max(1, Math.round(day)), daysInMonth(month))).padStart(2, "0")}`;
}

/** The month so many months before the last one; 0 is the last. */
export function monthBack(count: number): Month {
  return addMonths(ledgerMonths.at(-1) ?? "2026-09", -count);
}

/** A day some days later, within the ledger's last month at most. */
export function daysLater(day: string, days: number): string {
  const later = new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
  const last = dayOf(monthBack(0), 31);
  return later > last ? last : later;
}
