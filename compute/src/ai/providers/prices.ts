import type { TokenUsage } from "./provider.ts";

/** US dollars for a million tokens, which is millionths of a dollar for one. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

/** List prices of the models we know; a model that is not here needs its price in the settings. */
const listPrices: Readonly<Record<string, ModelPrice>> = {
  "gpt-5": { input: 1.25, output: 10 },
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-nano": { input: 0.05, output: 0.4 },
  "gpt-4.1": { input: 2, output: 8 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6 },
  "claude-opus-4-5": { input: 5, output: 25 },
  "claude-opus-5": { input: 5, output: 25 },
  "claude-sonnet-4-6": { input: 3, output: 15 },
  "claude-sonnet-5": { input: 2, output: 10 },
  "claude-sonnet-5-5": { input: 2, output: 10 },
  "claude-haiku-4-5": { input: 1, output: 5 },
};

/** The list price of a model, whatever the date in its name; undefined when we do not know it. */
export function listPrice(model: string): ModelPrice | undefined {
  const undated = model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/, "");
  return Object.hasOwn(listPrices, undated) ? listPrices[undated] : undefined;
}

/** What a request cost, in whole millionths of a dollar, rounded up. */
export function costMicros({ inputTokens, outputTokens }: TokenUsage, price: ModelPrice): number {
  return Math.ceil(inputTokens * price.input + outputTokens * price.output);
}

/** The most tokens a text can be: every provider's tokens hold at least one byte. In practice a token holds two to four. */
export function tokensMax(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
