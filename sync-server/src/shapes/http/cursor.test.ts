import { expect, it } from "vitest";
import { nextCursor } from "./cursor.ts";

const epochMs = Date.UTC(2024, 9, 9);

it("rounds up to whole long-poll periods, and always moves on", () => {
  expect(nextCursor(null, epochMs + 1, 20_000, () => 0)).toBe(20);
  expect(nextCursor(null, epochMs + 20_000, 20_000, () => 0)).toBe(20);
  expect(nextCursor("19", epochMs + 1, 20_000, () => 0)).toBe(20);
  expect(nextCursor("20", epochMs + 1, 20_000, () => 0)).toBe(21);
  expect(nextCursor("20", epochMs + 1, 20_000, () => 0.9999)).toBe(3_620);
  expect(nextCursor("nonsense", epochMs + 1, 20_000, () => 0)).toBe(20);
  expect(nextCursor(null, epochMs + 1, 500, () => 0)).toBe(0);
});
