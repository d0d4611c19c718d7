import { z } from "zod";
import { long, watch, write } from "../methods.ts";
import { done, instant, none } from "./money.ts";

/** A text that comes in pieces, as progress; the answer says what to call it. */
const piece = z.object({ text: z.string() });
const exported = z.object({ fileName: z.string(), changes: z.int().nonnegative() });
const entryId = z.string().min(1).max(200);

const entry = z.object({
  id: entryId,
  companyName: z.string(),
  at: instant,
  /** With 0 there is nothing to export, only to know. */
  changes: z.int().nonnegative(),
  /** The database was damaged and its books are fetched again: unsent changes saved from it and recorded ones lost (null: nobody can tell); null when the person lost access. */
  damage: z.object({ unsentSaved: z.int().nonnegative(), changesLost: z.int().nonnegative().nullable() }).nullable(),
});
/** Books that were removed from this device because their person lost access or their database was damaged, and what was kept of their work. */
export type SetAside = z.output<typeof entry>;

/** Changes that were not sent: taken out before books leave this device, or kept when they had to. */
export const unsentMethods = {
  "unsent.export": long(none, exported, piece),
  "unsent.watchSetAside": watch(none, z.object({ entries: z.array(entry) })),
  "unsent.exportSetAside": long(z.object({ id: entryId }), exported, piece),
  "unsent.discardSetAside": write(z.object({ id: entryId }), done),
};
