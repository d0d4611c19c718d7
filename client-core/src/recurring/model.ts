import type { Minor } from "@saldo/schema";

/** What the search needs of a posting; a row of the table `transaction` is one. */
export interface RecurringRow {
  readonly id: string;
  /** `YYYY-MM-DD`. */
  readonly postedOn: string;
  /** Positive comes in, negative goes out; zero is left out. */
  readonly amountMinor: Minor;
  readonly currency: string;
  readonly description: string;
  readonly counterpartyName: string | null;
  readonly counterpartyId: string | null;
  readonly counterpartyTaxId: string | null;
  readonly categoryId: string | null;
}

/** How often payments of a series come. */
export type RecurringPeriod = "week" | "two_weeks" | "month" | "quarter" | "year";

/** Payments of one counterparty (or of one wording, where no counterparty is named) in one direction that come at regular times. */
export interface RecurringSeries {
  /** The same for the same series when rows are added after it; built from the counterparty, not from amounts or ids. */
  readonly key: string;
  readonly direction: "in" | "out";
  readonly currency: string;
  /** As the latest payment spells it: the counterparty, else the description. */
  readonly name: string;
  readonly counterpartyId: string | null;
  /** Category of the latest payment. */
  readonly categoryId: string | null;
  readonly period: RecurringPeriod;
  /** Day of the month payments are due on, 31 standing for the last; null for weekly ones. */
  readonly dayOfMonth: number | null;
  /** Days a payment usually comes at most before or after its due date. */
  readonly toleranceDays: number;
  /** What one payment is now, with its sign: the median since the last step. */
  readonly usualMinor: Minor;
  /** Mean distance of payments from the usual amount of their time, in basis points of it; 0 for a fixed amount. */
  readonly spreadBasisPoints: number;
  /** Changes of the usual amount, oldest first. */
  readonly steps: readonly AmountStep[];
  /** Rows of the series, oldest first. */
  readonly rowIds: readonly string[];
  readonly firstOn: string;
  readonly lastOn: string;
  /** Active until two payments in a row (one of a yearly series) stayed out. */
  readonly status: "active" | "ended";
  /** Due date of the next payment: the first that is neither paid nor missed, possibly a few days ago; null when ended. */
  readonly nextOn: string | null;
  /** Due dates without a payment between the first and the last one; of an active series also after it. */
  readonly missedOn: readonly string[];
  /** How likely the series is no coincidence, 0–1: from how close dates and amounts keep to it, and how often. */
  readonly confidence: number;
}

/** The usual amount changed and stayed changed; a fixed amount that changed with the latest payment counts too. */
export interface AmountStep {
  readonly on: string;
  readonly beforeMinor: Minor;
  readonly afterMinor: Minor;
  /** Payments at the new amount so far, 1 or more. */
  readonly payments: number;
}
