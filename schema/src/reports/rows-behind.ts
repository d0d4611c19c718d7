import { z } from "zod";

/**
 * Which rows a figure is made of, beside its currency and days: what a drill-down shows. Their sum by `measure` is the figure.
 */
export const rowsBehind = z.strictObject({
  /** What is added up: what came in, what went out (as a positive amount), or the one less the other. */
  measure: z.enum(["in", "out", "net"]),
  /** Transfers between own accounts are left out of revenue and expenses. */
  transfers: z.enum(["without", "only", "with"]),
  /** Any of these; null is what has no category. */
  categoryIds: z.array(z.string().nullable()).exactOptional(),
  accountId: z.string().exactOptional(),
  /** The name as the bank gave it; null is none. */
  counterpartyName: z.string().nullable().exactOptional(),
  /** None of these; null stands for rows without a name. */
  exceptCounterpartyNames: z.array(z.string().nullable()).exactOptional(),
});

/** See {@link rowsBehind}. */
export type RowsBehind = z.output<typeof rowsBehind>;
