import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairTransfers, type TransferSide } from "./transfer-pairs.ts";

const side = (id: string, over: Partial<TransferSide> = {}): TransferSide => ({ id, accountId: "a", currency: "RUB", amountMinor: -100, day: 10, ...over });

describe("the two sides of a transfer", () => {
  it("are opposite amounts in one currency on two accounts, a few days apart", () => {
    expect(pairTransfers([side("1")], [side("2", { accountId: "b", amountMinor: 100, day: 13 })])).toEqual([["1", "2"]]);
    for (const over of [{ amountMinor: 100 }, { accountId: "b" }, { accountId: "b", amountMinor: 101 }, { accountId: "b", amountMinor: 100, currency: "USD" }, { accountId: "b", amountMinor: 100, day: 15 }]) {
      expect(pairTransfers([side("1")], [side("2", over)])).toEqual([]);
    }
  });

  it("are the closest in days, and each row is in one pair at most, whatever the order", () => {
    const sides = [side("1"), side("2", { day: 12 }), side("3", { accountId: "b", amountMinor: 100, day: 12 }), side("4", { accountId: "b", amountMinor: 100, day: 11 })];
    fc.assert(
      fc.property(fc.shuffledSubarray(sides, { minLength: 4 }), (shuffled) => {
        expect(pairTransfers(shuffled.filter(({ amountMinor }) => amountMinor < 0), shuffled)).toEqual([["2", "3"], ["1", "4"]]);
      }),
    );
  });
});
