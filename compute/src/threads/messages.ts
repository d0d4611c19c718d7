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

/** What a thread says of its task. An output comes as text: its size is known before it is sent. */
export const threadMessage = z.discriminatedUnion("type", [
  /** Said once, when tasks may come. */
  z.strictObject({ type: z.literal("ready") }),
  /** It wants a place to compute, or is done with the one it got. */
  z.strictObject({ type: z.literal("place"), wanted: z.boolean() }),
  z.strictObject({ type: z.literal("progress"), permille: z.number() }),
  z.strictObject({ type: z.literal("done"), output: z.string() }),
  z.strictObject({
    type: z.literal("failed"),
    /** Null for an error without a code. */
    code: z.custom<ErrorCode>(isErrorCode).nullable(),
    fault: z.strictObject({ name: z.string(), code: z.string().exactOptional(), at: z.string().exactOptional() }),
  }),
]);

/** What a thread is told: its next task, or that it has a place it asked for. */
export type ThreadOrder = { readonly type: "task"; readonly task: JobTask } | { readonly type: "place" };

/** See {@link threadMessage}. */
export type ThreadMessage = z.infer<typeof threadMessage>;
