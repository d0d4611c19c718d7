import { describe, expect, it } from "vitest";
import { readParts, remainderOf } from "./split-parts.ts";

const part = (amount: string) => ({ key: 0, amount, categoryId: null, note: null });

describe("parts of a payment as they are typed", () => {
  const whole = { amountMinor: -1_250_50, currency: "RUB" };

  it.each([
    [["1 000", "250,50"], 0],
    [["1,000.00", "250.50"], 0],
    [["1000"], -250_50],
    [["1000", ""], -250_50],
    [["1300", "-49,50"], 0],
    [["2000"], 749_50],
  ])("%j leave %d", (amounts, left) => {
    expect(remainderOf(readParts(amounts.map(part), whole), whole.amountMinor)).toBe(left);
  });

  it("take the sign of the whole, and an amount that is none is no part", () => {
    expect(readParts([part("10"), part("x"), part("0")], whole).map((each) => each?.amountMinor)).toEqual([-10_00, undefined, undefined]);
    expect(readParts([part("7")], { amountMinor: 10, currency: "JPY" })[0]?.amountMinor).toBe(7);
  });
});
