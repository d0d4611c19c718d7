import { exchangeRateForm, nameLengthMax } from "@saldo/schema";
import { z } from "zod";
import { watch, write } from "../methods.ts";
import { accountingDate, currencyCode, none, rowId } from "./money.ts";

const rateFields = z.object({
  /** One unit of this is worth `rate` units of `quote`. */
  base: currencyCode,
  quote: currencyCode,
  onDate: accountingDate,
  rate: z.string().regex(exchangeRateForm),
  /** Who says so. */
  source: z.string().trim().min(1).max(nameLengthMax),
});
/** What a person says of a rate of exchange. */
export type RateFields = z.output<typeof rateFields>;

const rate = rateFields.extend({ id: rowId });
const undoable = z.object({ undoId: z.string().nullable() });

/** Rates of exchange as people gave them; each change can be taken back by `edits.undo`. */
export const rateMethods = {
  "rates.watch": watch(none, z.object({ rates: z.array(rate) })),
  /** A second rate of the same pair and day takes the first one's place. */
  "rates.set": write(rateFields, undoable),
  "rates.remove": write(z.object({ id: rowId }), undoable),
};
