import { derived } from "./figures.ts";
import { effectOf, notEnough, type Rule } from "./rule.ts";

/** Months ahead that are looked at. */
const aheadMonths = 3;

/**
 * Cash that is expected to run out within three months (medium, high within one), or that does so in one case of ten (low, medium within one).
 * What to have ready is what is missing at the lowest end of a month.
 */
export const cashShortfall: Rule = {
  area: "cash",
  look({ ledger }) {
    const { cashMinor, cashAhead } = ledger.books;
    const ahead = cashAhead.slice(0, aheadMonths);
    if (cashMinor === null || ahead.length === 0) return notEnough;
    const looked = ahead.length;
    const isExpected = ahead.some(({ meanMinor }) => meanMinor < 0);
    const lowestOf = (of: (one: (typeof ahead)[number]) => number) => Math.min(...ahead.map(of));
    const place = ahead.findIndex(({ meanMinor, lowMinor }) => (isExpected ? meanMinor : lowMinor) < 0);
    const month = ahead[place]?.month;
    if (month === undefined) return { enough: true, looked, items: [] };
    const lowest = lowestOf(({ meanMinor }) => meanMinor);
    const [low, high] = [lowestOf(({ lowMinor }) => lowMinor), lowestOf(({ highMinor }) => highMinor)];
    const effect = isExpected ? effectOf("sets_aside", "once", -lowest, -high, -low) : effectOf("sets_aside", "once", -low, 0, -low);
    const [near, far] = isExpected ? (["high", "medium"] as const) : (["medium", "low"] as const);
    return {
      enough: true,
      looked,
      items: [
        {
          key: `cover_shortfall/${month}`,
          code: "cover_shortfall",
          parameters: { month, likely: isExpected ? "expected" : "possible" },
          effect,
          priority: place === 0 ? near : far,
          figures: [derived("cash", "money", cashMinor), derived("lowest_cash", "money", isExpected ? lowest : low)],
          measure: { kind: "none" },
          source: "rule",
        },
      ],
    };
  },
};
