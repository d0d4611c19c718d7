import { z } from "zod";
import { watch, write } from "../methods.ts";
import { none, rowId } from "./money.ts";

const step = z.object({
  id: rowId,
  /** Name of the edit's mutation, e.g. `category.rename`. */
  mutation: z.string(),
});
const reverted = step.extend({
  /** Rows changed; 0 when others changed the same things since. */
  rows: z.int().nonnegative(),
});

/** Taking a person's own edits back and making them again. */
export const editMethods = {
  "edits.watch": watch(none, z.object({ undo: step.nullable(), redo: step.nullable() })),
  /** The last edit, or the named one; null when there is none. */
  "edits.undo": write(z.object({ id: rowId.optional() }), reverted.nullable()),
  "edits.redo": write(none, reverted.nullable()),
};
