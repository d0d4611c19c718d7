import { minor } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { convert } from "./exchange.ts";

const rate = (base: string, quote: string, text: string) => ({ base, quote, rate: text, onDate: "2026-10-31", source: "bank" });

describe("an amount in another currency", () => {
  it.each([
    [100_00, "USD", "RUB", rate("USD", "RUB", "92.5058"), 925_058],
    [-100_00, "USD", "RUB", rate("USD", "RUB", "92.5058"), -925_058],
    [925_058, "RUB", "USD", rate("USD", "RUB", "92.5058"), 100_00],
    [1_000, "JPY", "RUB", rate("JPY", "RUB", "0.61"), 610_00],
    [1_00, "RUB", "JPY", rate("JPY", "RUB", "0.61"), 2],
    [1, "USD", "RUB", rate("USD", "RUB", "0.5"), 1],
    [-1, "USD", "RUB", rate("USD", "RUB", "0.5"), -1],
    [0, "USD", "RUB", rate("USD", "RUB", "92.5"), 0],
    [1_000, "KWD", "USD", rate("KWD", "USD", "3.25"), 325],
  ])("%d %s in %s", (amountMinor, from, into, by, expected) => {
    expect(convert(minor(amountMinor), from, into, by)).toBe(expected);
  });
});
