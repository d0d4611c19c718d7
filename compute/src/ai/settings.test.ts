import { expect, it } from "vitest";
import { aiEnvironment, aiSettingsOf } from "./settings.ts";

const read = (variables: Record<string, string>) => aiSettingsOf(aiEnvironment.parse(variables));

it("asks nobody without a key, with an empty one too", () => {
  for (const variables of [{}, { OPENAI_API_KEY: "", ANTHROPIC_API_KEY: "" }]) expect(read(variables)).toEqual({ providers: {}, budgetMicros: 5_000_000, requestMsMax: 30_000 });
});

it("takes models, their list prices and a budget", () => {
  expect(read({ OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b", SALDO_ANTHROPIC_MODEL: "claude-haiku-4-5-20251001", SALDO_AI_BUDGET_USD: "0.5", SALDO_AI_TIMEOUT_MS: "9000" })).toEqual({
    providers: {
      openai: { apiKey: "a", model: "gpt-5", baseUrl: undefined, price: { input: 1.25, output: 10 } },
      anthropic: { apiKey: "b", model: "claude-haiku-4-5-20251001", baseUrl: undefined, price: { input: 1, output: 5 } },
    },
    budgetMicros: 500_000,
    requestMsMax: 9_000,
  });
});

it("does not guess what a model costs", () => {
  expect(read({ OPENAI_API_KEY: "a", SALDO_OPENAI_MODEL: "gpt-9" })).toEqual({ missing: ["SALDO_OPENAI_PRICE"] });
  expect(read({ OPENAI_API_KEY: "a", SALDO_OPENAI_MODEL: "gpt-9", SALDO_OPENAI_PRICE: "2/20.5" })).toMatchObject({ providers: { openai: { price: { input: 2, output: 20.5 } } } });
  expect(read({ SALDO_OPENAI_MODEL: "gpt-9" })).toMatchObject({ providers: {} });
});
