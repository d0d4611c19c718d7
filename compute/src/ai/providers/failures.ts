import type { ProviderAnswer, ProviderFailure, TokenUsage } from "./provider.ts";

/** A client that says nothing: the vendors' clients print parts of a stream they cannot read, and those hold a company's figures. */
export const silentLogger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

/** What a failed request means, by its HTTP status; undefined when no answer came at all. */
export function failureOfStatus(status: number | undefined): ProviderFailure {
  if (status === undefined) return "unreachable";
  if (status === 429) return "rate_limited";
  if (status === 503 || status === 529) return "overloaded";
  if (status === 408) return "timed_out";
  return status >= 500 ? "server_error" : "rejected";
}

/** What an error told within a stream means, by the type both providers give it. */
export function failureOfType(type: string | null | undefined): ProviderFailure {
  if (type === "overloaded_error") return "overloaded";
  if (type === "rate_limit_error" || type === "rate_limit_exceeded") return "rate_limited";
  if (type === "insufficient_quota" || type === "authentication_error" || type === "permission_error" || type === "billing_error" || type === "invalid_request_error") return "rejected";
  return "server_error";
}

/** The answer in a text that a model finished. */
export function answerOfText(text: string, usage: TokenUsage | null): ProviderAnswer {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value, usage };
  } catch {
    return { ok: false, failure: "malformed", usage };
  }
}
