import { z } from "zod";

const databaseError = z.object({ code: z.string().regex(/^[0-9A-Z]{5}$/), severity: z.string() });

/** What a log may say of a failure: of one told by Postgres its SQLSTATE only, because its words may quote a value. */
export function logReason(error: unknown): string {
  const told = databaseError.safeParse(error);
  if (told.success) return `SQLSTATE ${told.data.code}`;
  return error instanceof Error ? error.message : String(error);
}
