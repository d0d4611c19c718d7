import type { RecommendationItem } from "@saldo/schema";
import type { AdviceFacts, FactSubject } from "../advice/facts.ts";

const months = ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09"] as const;

/** A subject that costs one amount a month and another one in the last three. */
export function subject(kind: FactSubject["kind"], id: string, name: string, [beforeMinor, nowMinor]: readonly [number, number], more: Partial<FactSubject> = {}): FactSubject {
  const monthlyMinor = months.map((_, place) => (place < months.length - 3 ? beforeMinor : nowMinor));
  return { kind, id, name, monthlyMinor, payments: months.map(() => 2), names: kind === "category" ? [] : [name], isFixed: false, ...more };
}

/** Figures of a small company: marketing rose, rent did not, salaries are fixed. */
export function smallCompany(overrides: Partial<AdviceFacts> = {}): AdviceFacts {
  return {
    currency: "USD",
    locale: "en",
    months: [...months],
    revenueMinor: months.map(() => 20_000_00),
    expensesMinor: months.map(() => 15_000_00),
    subjects: [
      subject("category", "0197f000-marketing", "Marketing", [2_000_00, 3_000_00]),
      subject("category", "0197f000-rent", "Rent", [1_000_00, 1_000_00]),
      subject("category", "0197f000-salaries", "Salaries", [8_000_00, 8_000_00], { isFixed: true }),
      subject("vendor", "acme", "Acme Secret Ads Ltd", [1_500_00, 2_400_00]),
      subject("client", "globex", "Globex Hidden Corp", [9_000_00, 9_000_00]),
    ],
    ...overrides,
  };
}

/** A rule's advice on a category. */
export function ruleItem(categoryId: string): RecommendationItem {
  return {
    key: `reduce_category/${categoryId}`,
    code: "reduce_category",
    parameters: { name: "x", percent: 10, months: 3 },
    effect: { kind: "saves", per: "month", amountMinor: 100, lowMinor: 50, highMinor: 150 },
    priority: "medium",
    figures: [],
    measure: { kind: "outflow", categoryId, baselineMinor: 1_000 },
    source: "rule",
  };
}
