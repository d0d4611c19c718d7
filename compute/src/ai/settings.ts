import { z } from "zod";
import type { AiSettings } from "./open-desk.ts";
import { listPrice, type ModelPrice } from "./providers/prices.ts";

const unset = (value: unknown) => (value === "" ? undefined : value);
const optionalText = z.preprocess(unset, z.string().optional());
/** US dollars for a million tokens in and out, e.g. `1.25/10`. */
const price = z.preprocess(unset, z.string().regex(/^\d+(?:\.\d+)?\/\d+(?:\.\d+)?$/).optional());

/** The environment variables of AI providers; everything is optional, and without a key nobody is asked. */
export const aiEnvironment = z.object({
  OPENAI_API_KEY: optionalText,
  OPENAI_BASE_URL: z.preprocess(unset, z.url().optional()),
  SALDO_OPENAI_MODEL: z.preprocess(unset, z.string().default("gpt-5")),
  SALDO_OPENAI_PRICE: price,
  ANTHROPIC_API_KEY: optionalText,
  ANTHROPIC_BASE_URL: z.preprocess(unset, z.url().optional()),
  SALDO_ANTHROPIC_MODEL: z.preprocess(unset, z.string().default("claude-sonnet-5-5")),
  SALDO_ANTHROPIC_PRICE: price,
  SALDO_AI_BUDGET_USD: z.preprocess(unset, z.coerce.number().min(0).max(10_000).default(5)),
  SALDO_AI_TIMEOUT_MS: z.preprocess(unset, z.coerce.number().int().min(1_000).max(120_000).default(30_000)),
});

/** The settings in parsed variables; or the names of the variables that do not say what a model costs. */
export function aiSettingsOf(env: z.infer<typeof aiEnvironment>): AiSettings | { readonly missing: readonly string[] } {
  const openai = access(env.OPENAI_API_KEY, env.SALDO_OPENAI_MODEL, env.OPENAI_BASE_URL, env.SALDO_OPENAI_PRICE);
  const anthropic = access(env.ANTHROPIC_API_KEY, env.SALDO_ANTHROPIC_MODEL, env.ANTHROPIC_BASE_URL, env.SALDO_ANTHROPIC_PRICE);
  const missing = [...(openai === "no_price" ? ["SALDO_OPENAI_PRICE"] : []), ...(anthropic === "no_price" ? ["SALDO_ANTHROPIC_PRICE"] : [])];
  if (openai === "no_price" || anthropic === "no_price") return { missing };
  return {
    providers: { ...(openai === undefined ? {} : { openai }), ...(anthropic === undefined ? {} : { anthropic }) },
    budgetMicros: Math.round(env.SALDO_AI_BUDGET_USD * 1_000_000),
    requestMsMax: env.SALDO_AI_TIMEOUT_MS,
  };
}

/** The settings as they may be printed: no key, of an address its origin only. */
export function maskedAiSettings({ providers, ...rest }: AiSettings): Readonly<Record<string, unknown>> {
  return { ...rest, providers: Object.fromEntries(Object.entries(providers).map(([name, one]) => [name, { ...one, apiKey: "***", baseUrl: one.baseUrl === undefined ? undefined : new URL(one.baseUrl).origin }])) };
}

function access(apiKey: string | undefined, model: string, baseUrl: string | undefined, priceText: string | undefined) {
  if (apiKey === undefined) return undefined;
  const known = priceText === undefined ? listPrice(model) : priceOf(priceText);
  return known === undefined ? "no_price" : { apiKey, model, baseUrl, price: known };
}

function priceOf(text: string): ModelPrice {
  const [input, output] = text.split("/").map(Number);
  return { input: input ?? 0, output: output ?? 0 };
}
