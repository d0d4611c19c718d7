import type { RecommendationMeasure, StoredRecommendation } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { booksOf, dayOfMonth, generatedMonths, type Posting } from "./generated-ledger.ts";
import { adviceLedger } from "./ledger.ts";
import { measuredResult } from "./measure.ts";

/** A rent of 1,000 that falls to 800 in August, sales of 5,000 a month, fees of 2% that fall to 1% in August, one late payment of a client. */
const postings = generatedMonths.flatMap((month): Posting[] => [
  { on: dayOfMonth(month, 5), amountMinor: month < "2026-08" ? -100_000 : -80_000, party: "ООО «Двор»", category: "Аренда" },
  { on: dayOfMonth(month, 6), amountMinor: -30_000, party: "ООО «Склад»", category: "Аренда" },
  { on: dayOfMonth(month, 9), amountMinor: 500_000, party: "ООО «Гранит»", category: "Продажи" },
  { on: dayOfMonth(month, 28), amountMinor: month < "2026-08" ? -10_000 : -5_000, party: "Банк", category: "Комиссии банка", kind: "fee" },
]);
const ledger = adviceLedger(booksOf([...postings, { on: "2026-08-02", amountMinor: 70_000, party: "АО «Вектор»", category: "Продажи" }]));

function decided(measure: RecommendationMeasure, decidedAt: string | null): StoredRecommendation {
  const effect = { kind: "saves", per: "month", amountMinor: 1, lowMinor: 1, highMinor: 1 } as const;
  return { version: 1, decidedAt, item: { key: "k", code: "cut_fees", parameters: {}, effect, priority: "low", figures: [], measure, source: "rule" } };
}

const rent = { kind: "outflow" as const, categoryId: "category Аренда", baselineMinor: 130_000 };

describe("what came of advice", () => {
  it("is the monthly outflow of its rows against what it was, from the first whole month on", () => {
    expect(measuredResult(ledger, decided(rent, "2026-07-20T10:00:00.000Z"))).toEqual({ from: "2026-08-01", to: "2026-10-31", per: "month", amountMinor: 20_000 });
    const vendor = { ...rent, counterpartyNames: ["ООО «Двор»"], baselineMinor: 100_000 };
    expect(measuredResult(ledger, decided(vendor, "2026-08-20T10:00:00.000Z"))).toMatchObject({ from: "2026-09-01", amountMinor: 20_000 });
  });

  it("is of three months at most, and may be a loss", () => {
    expect(measuredResult(ledger, decided({ ...rent, baselineMinor: 120_000 }, "2025-03-01T10:00:00.000Z"))).toEqual({ from: "2025-04-01", to: "2025-06-30", per: "month", amountMinor: -10_000 });
  });

  it("is nothing before a whole month has passed, where nobody decided, and where nothing can be held against it", () => {
    expect(measuredResult(ledger, decided(rent, "2026-10-02T10:00:00.000Z"))).toBeNull();
    expect(measuredResult(ledger, decided(rent, null))).toBeNull();
    expect(measuredResult(ledger, decided({ kind: "none" }, "2026-07-20T10:00:00.000Z"))).toBeNull();
  });

  it("of fees is the part of revenue they no longer take", () => {
    const fees = { kind: "fee_share", of: "fees", baselineBasisPoints: 200 } as const;
    expect(measuredResult(ledger, decided(fees, "2026-08-20T10:00:00.000Z"))).toEqual({ from: "2026-09-01", to: "2026-10-31", per: "month", amountMinor: 5_000 });
  });

  it("of a client much hangs on is what of a month no longer does", () => {
    const share: RecommendationMeasure = { kind: "share", direction: "out", counterpartyNames: ["ООО «Двор»"], baselineBasisPoints: 7_500 };
    // Of 115,000 in a month 80,000 go to it; of three quarters it would be 86,250.
    expect(measuredResult(ledger, decided(share, "2026-08-20T10:00:00.000Z"))).toEqual({ from: "2026-09-01", to: "2026-10-31", per: "month", amountMinor: 6_250 });
    expect(measuredResult(ledger, decided({ ...share, direction: "in", counterpartyNames: ["ООО «Гранит»"], baselineBasisPoints: 10_000 }, "2026-08-20T10:00:00.000Z"))).toMatchObject({ amountMinor: 0 });
  });

  it("of a loss is how far the month came back from it", () => {
    const loss = { kind: "loss", baselineMinor: 50_000 } as const;
    expect(measuredResult(ledger, decided(loss, "2026-08-20T10:00:00.000Z"))).toEqual({ from: "2026-09-01", to: "2026-10-31", per: "month", amountMinor: 50_000 + 500_000 - 115_000 });
  });

  it("of a client who was asked is what came in within thirty days", () => {
    const asked: RecommendationMeasure = { kind: "inflow", counterpartyNames: ["АО «Вектор»"] };
    expect(measuredResult(ledger, decided(asked, "2026-07-25T10:00:00.000Z"))).toEqual({ from: "2026-07-25", to: "2026-08-24", per: "once", amountMinor: 70_000 });
    expect(measuredResult(ledger, decided(asked, "2026-08-05T10:00:00.000Z"))).toMatchObject({ amountMinor: 0 });
    expect(measuredResult(ledger, decided(asked, "2026-10-20T10:00:00.000Z"))).toBeNull();
  });
});
