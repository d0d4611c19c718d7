import { selectionMax, textLengthMax } from "@saldo/schema";
import { z } from "zod";
import { watch, write } from "../methods.ts";
import { accountingDate, currencyCode, done, instant, minorAmount, none, rowId } from "./money.ts";

const problem = z.object({
  code: z.string(),
  /** Name of the refused mutation, when it is one. */
  mutation: z.string().nullable(),
});

/** How far this device and the server agree. */
export const syncStateSchema = z.object({
  state: z.enum(["saved", "syncing", "offline", "needs_attention", "update_required", "signed_out"]),
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
  /** False when only discarding is left: a part of an import, or its values are on another device. */
  canRetry: z.boolean(),
  /** What may be corrected before trying again. */
  fields: z.array(z.object({ key: z.string(), kind: z.enum(["text", "date", "category"]), value: z.string().nullable() })),
  /** The first of the rows it was about (null: not here any more), how many there are, and what they should have become. */
  about: z.object({
    rows: z.array(z.object({ text: z.string().nullable(), payment: z.object({ postedOn: accountingDate, amountMinor: minorAmount, currency: currencyCode }).nullable() })),
    rowCount: z.int().nonnegative(),
    values: z.array(z.string()),
  }),
});
/** A change the server refused. */
export type Rejection = z.output<typeof rejection>;

/** Keeping in step with the server. */
export const syncMethods = {
  "sync.watch": watch(none, syncStateSchema),
  "sync.now": write(none, done),
  "rejections.watch": watch(none, z.object({ rejections: z.array(rejection) })),
  /** Makes the change again, with corrected fields by their keys. */
  "rejections.retry": write(z.object({ id: rowId, corrections: z.record(z.string().max(64), z.string().max(textLengthMax).nullable()) }), done),
  "rejections.discard": write(z.object({ ids: z.array(rowId).min(1).max(selectionMax) }), done),
};
