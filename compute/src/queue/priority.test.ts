import { expect, it } from "vitest";
import { queuePriority } from "./priority.ts";

const arrivedMs = Date.UTC(2027, 4, 20, 12);
const minuteMs = 60_000;

it("lets paying workspaces go first among jobs of one kind and age", () => {
  const [paid, trial, expired] = (["paid", "trial", "expired"] as const).map((plan) => queuePriority("generate_forecast", plan, arrivedMs));
  expect([expired, paid, trial].toSorted((a, b) => Number(a) - Number(b))).toEqual([paid, trial, expired]);
});

it("puts kinds nobody works on last", () => {
  expect(queuePriority("sync_integration", "paid", arrivedMs)).toBeGreaterThan(queuePriority("generate_forecast", "paid", arrivedMs));
});

it("lets no newer job overtake one that has waited long", () => {
  const oldest = queuePriority("sync_integration", "expired", arrivedMs);
  expect(queuePriority("generate_forecast", "paid", arrivedMs + 60 * minuteMs)).toBeGreaterThan(oldest);
});

it("stays within what the queue can order", () => {
  expect(queuePriority("generate_forecast", "paid", 0)).toBe(1);
  expect(queuePriority("generate_forecast", "paid", Date.UTC(2100, 0, 1))).toBe(2_097_151);
});
