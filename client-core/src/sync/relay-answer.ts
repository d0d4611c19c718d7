import { isErrorCode, SaldoError } from "@saldo/schema";
import { z } from "zod";

const errorAnswer = z.object({
  code: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** The failure an answer tells of; an answer that is not the relay's own becomes `relay.unavailable` or `sync.unexpected_answer`. */
export async function failureOf(response: Response): Promise<SaldoError> {
  const parsed = errorAnswer.safeParse(await response.json().catch(() => undefined));
  if (parsed.success && isErrorCode(parsed.data.code)) return new SaldoError(parsed.data.code, parsed.data.detail ?? {});
  if (response.status === 401) return new SaldoError("auth.required");
  if (response.status === 429 || response.status >= 500) return new SaldoError("relay.unavailable", { status: response.status });
  return new SaldoError("sync.unexpected_answer", { status: response.status });
}

/** Milliseconds the server asks to wait, 0 when it does not say. */
export function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * 1_000 : 0;
}
