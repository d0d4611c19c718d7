import { nameLengthMax, whatIfList } from "@saldo/schema";
import { z } from "zod";
import { watch, write } from "../methods.ts";
import { currencyCode, none, rowId } from "./money.ts";

const name = z.string().trim().min(1).max(nameLengthMax);
const tried = z.object({ currency: currencyCode, changes: whatIfList });
const undoable = z.object({ undoId: z.string().nullable() });

/** Changes to try on the forecast, kept under names; each change of them can be taken back by `edits.undo`. */
export const scenarioMethods = {
  "scenarios.watch": watch(none, z.object({ scenarios: z.array(tried.extend({ id: rowId, name })) })),
  "scenarios.add": write(tried.extend({ name }), undoable.extend({ id: rowId })),
  /** What is not named stays. */
  "scenarios.change": write(z.object({ id: rowId, name: name.optional(), tried: tried.optional() }), undoable),
  "scenarios.remove": write(z.object({ id: rowId }), undoable),
};
