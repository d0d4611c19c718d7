import { z } from "zod";
import { read, watch, write } from "../methods.ts";
import { done, instant, none, rowId } from "./money.ts";

const problem = z.object({
  code: z.string(),
  /** Name of the refused mutation, when it is one. */
  mutation: z.string().nullable(),
});

/** How far this device and the server agree. */
export const syncStateSchema = z.object({
  state: z.enum(["saved", "syncing", "offline", "needs_attention", "signed_out"]),
  pendingChanges: z.int().nonnegative(),
  lastSyncedAt: instant.nullable(),
  problems: z.array(problem),
});
/** See {@link syncStateSchema}. */
export type SyncState = z.output<typeof syncStateSchema>;

const rejection = z.object({
  id: rowId,
  at: instant,
  code: z.string(),
  /** Name of the refused mutation, e.g. `transaction.recategorise`. */
  mutation: z.string(),
});
/** A change the server refused. */
export type Rejection = z.output<typeof rejection>;

/** Keeping in step with the server. */
export const syncMethods = {
  "sync.watch": watch(none, syncStateSchema),
  "sync.now": write(none, done),
  "rejections.list": read(none, z.object({ rejections: z.array(rejection) })),
};
