import { noteUpdateBytesMax } from "@saldo/schema";
import { z } from "zod";
import { read, watch } from "../methods.ts";
import { done, rowId } from "./money.ts";

/** The company whose note is meant: what was typed in one company's books never gets into another's. */
const place = z.object({ workspaceId: rowId });

/** The note beside the overview, shared by everyone of the company, as Yjs updates. */
export const noteMethods = {
  "note.watch": watch(
    place,
    z.object({
      /** All of the note in one update. */
      update: z.instanceof(Uint8Array),
      /** Another one when what was seen before may be there no more. */
      reading: z.string(),
      unreadableRows: z.int().nonnegative(),
    }),
  ),
  /** Keeps an update. The same one twice is no harm, so a core that took over may be asked again. */
  "note.append": read(place.extend({ update: z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= noteUpdateBytesMax) }), done),
};
