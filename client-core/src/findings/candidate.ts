import type { FindingFacts, FindingKind } from "@saldo/schema";

/** What may be a finding, before it is scored. Rows are places in the ledger. */
export interface Candidate {
  readonly kind: FindingKind;
  /** The rows in question. */
  readonly suspects: readonly number[];
  /** Rows that show why. */
  readonly beside: readonly number[];
  /** The features of its kind, in the order of its model. */
  readonly features: readonly number[];
  /** What speaks for it that no labelled data could teach, as log-odds. */
  readonly stated?: readonly { readonly name: string; readonly logOdds: number }[];
  readonly facts: FindingFacts;
  /** Money at stake, positive; null where none is. */
  readonly stakeMinor: number | null;
  /** What makes the finding the same one next time, beside its kind. */
  readonly identity: readonly (string | number)[];
  /** Whom a verdict teaches about; empty for the whole set. */
  readonly subjectKey: string;
}
