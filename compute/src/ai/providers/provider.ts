import type { z } from "zod";

/** The companies whose models are asked. */
export const providerNames = ["openai", "anthropic"] as const;
/** See {@link providerNames}. */
export type ProviderName = (typeof providerNames)[number];

/** What a model is asked for; the purpose stands in the usage records. */
export type AiPurpose = "propose" | "check" | "name_findings" | "suggest_categories" | "explain_change";

/** One question to a model. */
export interface ModelQuestion<Answer> {
  readonly purpose: AiPurpose;
  /** What we want, in our own words only: no text of a file or a row ever stands here. */
  readonly instructions: string;
  /** What it is about, as one delimited block of data (`dataBlock`). */
  readonly data: string;
  /** The only shape of an answer that is read. Bounds that a provider's JSON schema does not know are checked afterwards. */
  readonly schema: z.ZodType<Answer>;
  readonly outputTokensMax: number;
}

/** Tokens a request took, as the provider counted them. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * Why there is no answer: the model would not (`refused`) or could not finish (`truncated`), its answer is not of the shape (`malformed`),
 * the provider is busy (`rate_limited`, `overloaded`), ill (`server_error`, `unreachable`, `timed_out`) or turns us away (`rejected`: key,
 * account or request).
 */
export type ProviderFailure =
  | "refused"
  | "truncated"
  | "malformed"
  | "rate_limited"
  | "overloaded"
  | "server_error"
  | "unreachable"
  | "timed_out"
  | "rejected";

/** What came of a request. `usage` is null when the provider did not say; `value` is what JSON the model wrote, not yet checked. */
export type ProviderAnswer =
  | { readonly ok: true; readonly value: unknown; readonly usage: TokenUsage | null }
  | { readonly ok: false; readonly failure: ProviderFailure; readonly usage: TokenUsage | null };

/** What one request is given beside its question. */
export interface AskOptions {
  /** Stops the request; the answer is then `timed_out`. */
  readonly signal: AbortSignal;
  /** Told how many characters of the answer have come. */
  onText(charactersSoFar: number): void;
}

/** One model of one provider, over the wire. It never throws for what a provider does; it neither retries nor logs. */
export interface ModelProvider {
  readonly name: ProviderName;
  readonly model: string;
  ask(question: ModelQuestion<unknown>, options: AskOptions): Promise<ProviderAnswer>;
}

/** Whether the same request may succeed a moment later. */
export function isPassing(failure: ProviderFailure): boolean {
  return failure === "rate_limited" || failure === "overloaded" || failure === "server_error" || failure === "unreachable";
}

/** Whether a failure speaks of the provider as a whole rather than of one question. */
export function isOfProvider(failure: ProviderFailure): boolean {
  return isPassing(failure) || failure === "timed_out" || failure === "rejected";
}
