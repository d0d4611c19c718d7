import { expect, it } from "vitest";
import { maskedConfig, readConfig } from "./config.ts";

const variables = { DATABASE_URL: "postgres://saldo:secret-1@db/saldo?password=secret-2", REDIS_URL: "redis://:secret-3@queue:6379" };

it("reads settings once, frozen, with defaults", () => {
  const config = readConfig(variables);
  expect(Object.isFrozen(config)).toBe(true);
  expect(config).toMatchObject({ concurrency: 2, logLevel: "info", redisUrl: variables.REDIS_URL });
  expect(readConfig({ DATABASE_URL: variables.DATABASE_URL, REDIS_URL: "" }).redisUrl).toBeNull();
});

it("prints no secret", () => {
  const keys = { OPENAI_API_KEY: "secret-4", ANTHROPIC_API_KEY: "secret-5", OPENAI_BASE_URL: "https://u:secret-6@proxy.example/v1?key=secret-7" };
  expect(JSON.stringify(maskedConfig(readConfig({ ...variables, ...keys })))).not.toContain("secret");
});

it("names the variables at fault without their values", () => {
  expect(() => readConfig({ ...variables, OPENAI_API_KEY: "k", SALDO_OPENAI_MODEL: "gpt-9" })).toThrow(expect.objectContaining({ detail: { settings: "SALDO_OPENAI_PRICE" } }));
  const bad = { DATABASE_URL: "mysql://secret", SALDO_WORKER_CONCURRENCY: "many" };
  expect(() => readConfig(bad)).toThrow(expect.objectContaining({ code: "job.invalid_config", detail: { settings: "DATABASE_URL, SALDO_WORKER_CONCURRENCY" } }));
});
