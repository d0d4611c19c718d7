/** Kinds of cause a ledger may hold, each decided on by itself. */
export const causeKinds = [
  "vendor_price",
  "duplicate_subscription",
  "unused_subscription",
  "category_overspend",
  "category_month",
  "fees_rise",
  "late_client",
  "client_concentration",
  "cash_gap",
  "missing_payment",
  "duplicate_payment",
  "amount_outlier",
  "wrong_category",
  "new_vendor_large",
  "split_invoice",
] as const;
/** See {@link causeKinds}. */
export type CauseKind = (typeof causeKinds)[number];

/** What was planted. */
export interface PlantedCause {
  readonly kind: CauseKind;
  /** Counterparty or category it is about; null for the company as a whole. */
  readonly subject: string | null;
  /** What it costs, in minor units, a month or once as its kind has it; null where there is no one right figure. */
  readonly effectMinor: number | null;
  /** Kinds that this cause brings about as well, on whatever subject: they are not decided on in its ledger. */
  readonly entails: readonly CauseKind[];
}
