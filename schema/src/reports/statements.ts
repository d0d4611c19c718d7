import { z } from "zod";

const amount = z.int();
const day = z.iso.date();

/**
 * One account over one period as a file tells it, beside what the rows of the file add up to: opening + in − out = closing, or the
 * difference shows what is missing. `gaps` are the rows before which a running balance jumps.
 */
export const statementReport = z.strictObject({
  accountId: z.string().min(1).max(64),
  currency: z.string().regex(/^[A-Z]{3}$/),
  from: day.nullable(),
  to: day.nullable(),
  openingMinor: amount.nullable(),
  inMinor: amount,
  /** Positive. */
  outMinor: amount,
  closingMinor: amount.nullable(),
  /** Closing − (opening + in − out): what rows of this sum are missing (or too many); null when the file does not give both balances. */
  differenceMinor: amount.nullable(),
  gaps: z.array(z.strictObject({ line: z.int(), differenceMinor: amount })).max(100),
  /** What the account's balance was before the closing one took its place; null when it did not. */
  balanceBefore: z.strictObject({ minor: amount.nullable(), asOf: day.nullable() }).nullable(),
});

/** See {@link statementReport}. */
export type StatementReport = z.output<typeof statementReport>;
