import { nameLengthMax } from "@saldo/schema";
import { z } from "zod";
import { watch, write } from "../methods.ts";
import { accountingDate, currencyCode, minorAmount, none, rowId } from "./money.ts";

/** How often a planned payment comes. */
export const plannedRepeat = z.enum(["once", "week", "month", "quarter", "year"]);

const plannedFields = z.object({
  name: z.string().trim().min(1).max(nameLengthMax),
  /** Negative goes out. */
  amountMinor: minorAmount.refine((amount) => amount !== 0),
  currency: currencyCode,
  categoryId: rowId.nullable(),
  firstOn: accountingDate,
  repeat: plannedRepeat,
  lastOn: accountingDate.nullable(),
  likelihood: z.number().min(0).max(1),
});
/** What a person says of a planned payment. */
export type PlannedFields = z.output<typeof plannedFields>;

const plannedItem = plannedFields.extend({ id: rowId });
/** A planned payment as a list shows it. */
export type PlannedItem = z.output<typeof plannedItem>;

const undoable = z.object({ undoId: z.string().nullable() });

/** Payments and receipts known in advance; each change can be taken back by `edits.undo`. */
export const plannedMethods = {
  "planned.watch": watch(none, z.object({ items: z.array(plannedItem) })),
  "planned.add": write(plannedFields, undoable),
  "planned.change": write(plannedItem, undoable),
  "planned.remove": write(z.object({ id: rowId }), undoable),
};
