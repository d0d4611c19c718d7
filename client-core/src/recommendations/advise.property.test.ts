import { recommendationsReport, type RecommendationItem } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { advise } from "./advise.ts";
import { booksOf, healthyPostings } from "./generated-ledger.ts";

const cleanLedgers = 120;

describe("generated books of healthy companies", () => {
  it("give advice in fewer than one company of twenty", () => {
    const told: { seed: number; items: readonly RecommendationItem[] }[] = [];
    for (let seed = 1; seed <= cleanLedgers; seed++) {
      const report = recommendationsReport.parse(advise(booksOf(healthyPostings(seed))));
      if (report.items.length > 0) told.push({ seed, items: report.items });
    }
    expect(told.length / cleanLedgers, JSON.stringify(told.map(({ seed, items }) => [seed, items.map(({ key }) => key)]))).toBeLessThan(0.05);
  });
});
