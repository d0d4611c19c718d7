import type { JsonValue } from "@saldo/schema";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { isLongerThan } from "./json-length.ts";

const outputOf = (result: JsonValue) => ({ report: null, results: [{ kind: "forecast", version: 1, result } as const], findings: null, advice: null });
const value = fc.jsonValue({ maxDepth: 4 }).map((json) => JSON.parse(JSON.stringify(json)));

it("tells small outputs from large ones, within a factor for numbers and escapes", () => {
  fc.assert(
    fc.property(value, (result) => {
      const output = outputOf(result);
      const { length } = JSON.stringify(output);
      expect(isLongerThan(output, length * 3)).toBe(false);
      expect(isLongerThan(output, Math.floor(length / 8))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it("says so of one long text and of many short ones", () => {
  expect(isLongerThan(outputOf("x".repeat(1_001)), 1_000)).toBe(true);
  expect(isLongerThan(outputOf(Array.from({ length: 1_000 }, () => "")), 1_000)).toBe(true);
});
