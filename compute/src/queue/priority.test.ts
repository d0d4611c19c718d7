import { expect, it } from "vitest";
import { queuePriority } from "./priority.ts";

const arrivedMs = Date.UTC(2027, 4, 20, 12);
const minuteMs = 60_000;

it("lets paying workspaces go first among jobs of one kind and age", () => {
  const [paid, trial, expired] = (["paid", "trial", "expired"] as const).map((plan) => queuePriority("generate_forecast", plan, arrivedMs));
  expect([expired, paid, trial].toSorted((a, b) => Number(a) - Number(b))).toEqual([paid, trial, expired]);
});

it("starts what a person waits for before what may take its time", () => {
  const places = ["analyze_report", "send_notification", "generate_forecast", "export_pdf", "sync_integration"].map((kind) => queuePriority(kind, "paid", arrivedMs));
  expect(places.map((place) => place - (places[0] ?? 0))).toEqual([0, 0, 2, 2, 6]);
});

it("puts kinds nobody works on last", () => {
  expect(queuePriority("unheard_of", "paid", arrivedMs)).toBeGreaterThan(queuePriority("generate_forecast", "paid", arrivedMs));
});

it("lets no newer job overtake one that has waited long", () => {
  const oldest = queuePriority("sync_integration", "expired", arrivedMs);
  expect(queuePriority("generate_forecast", "paid", arrivedMs + 60 * minuteMs)).toBeGreaterThan(oldest);
});

it("stays within what the queue can order", () => {
  expect(queuePriority("generate_forecast", "paid", 0)).toBe(1);
  expect(queuePriority("generate_forecast", "paid", Date.UTC(2100, 0, 1))).toBe(2_097_151);
});
