import { z } from "zod";
import { long, write } from "../methods.ts";
import { none } from "./money.ts";
import { sessionSchema } from "./session.ts";

/** Books on this device that could not be opened: see `unopened` of a session. */
export const unopenedMethods = {
  "unopened.tryAgain": write(none, sessionSchema),
  /** All files of their database as a ZIP, or those of a damaged one that was set aside; the number of those that are in it is told on the way. */
  "unopened.saveFiles": long(z.object({ setAsideId: z.string().max(200).nullable() }), z.object({ fileName: z.string(), archive: z.instanceof(Blob) }), z.object({ files: z.int().nonnegative() })),
  /** Sets them aside and opens new ones, which sync fills; what was not sent stays in the files that were set aside. */
  "unopened.startAfresh": write(none, sessionSchema),
};
