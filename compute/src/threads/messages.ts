import { isErrorCode, type ErrorCode } from "@saldo/schema";
import { z } from "zod";
import type { AiSettings } from "../ai/open-desk.ts";
import type { JobTask } from "../jobs/job-work.ts";

/** What a thread is started with. */
export const threadSettings = z.strictObject({
  databaseUrl: z.string(),
  /** Largest output of a task, in UTF-16 units of its JSON text. */
  outputLengthMax: z.int(),
  /** How models are asked. */
  ai: z.custom<AiSettings>(),
  logLevel: z.string(),
});

/** See {@link threadSettings}. */
export type ThreadSettings = z.infer<typeof threadSettings>;

/** The task that is spoken of, by the number it was sent with. */
const number = z.int();

/** What a thread says of a task. An output comes as text: its size is known before it is sent. */
const taskMessage = z.discriminatedUnion("type", [
  /** It wants a place to compute, or is done with the one it got. */
  z.strictObject({ type: z.literal("place"), number, wanted: z.boolean() }),
  /** From now on it only waits for others. */
  z.strictObject({ type: z.literal("computed"), number }),
  z.strictObject({ type: z.literal("progress"), number, permille: z.number() }),
  z.strictObject({ type: z.literal("done"), number, output: z.string() }),
  z.strictObject({
    type: z.literal("failed"),
    number,
    /** Null for an error without a code. */
    code: z.custom<ErrorCode>(isErrorCode).nullable(),
    fault: z.strictObject({ name: z.string(), code: z.string().exactOptional(), at: z.string().exactOptional() }),
  }),
]);

/** What a thread says: once that tasks may come, then of its tasks. */
export const threadMessage = z.union([z.strictObject({ type: z.literal("ready") }), taskMessage]);

/** What a thread is told of a task: to begin it, that it has a place it asked for, and that nobody waits for it any more. */
export type ThreadOrder = { readonly type: "task"; readonly number: number; readonly task: JobTask } | { readonly type: "place" | "forget"; readonly number: number };

/** See {@link threadMessage}. */
export type ThreadMessage = z.infer<typeof threadMessage>;
/** What a thread says of one of its tasks. */
export type TaskMessage = z.infer<typeof taskMessage>;
