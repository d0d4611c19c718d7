import { minor, type BusinessForecast, type ForecastComponent, type WhatIf } from "@saldo/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OutlookBasis } from "./basis.ts";
import { outlookOf } from "./outlook.ts";
import { compareScenarios, outcomeOf, savedScenarioOf, tryChanges } from "./saved-scenarios.ts";
import { scenarioOf } from "./scenarios.ts";
import { whatIfIds, withWhatIf } from "./what-if.ts";

/** A part with the same mean and deviation in every month. */
function part(id: string, meanMinor: number, deviationMinor: number, over: Partial<ForecastComponent> = {}): ForecastComponent {
  return {
    id, kind: id === "revenue" ? "revenue" : "expense", categoryId: null, name: id, slot: 0, pooled: 0, model: "", shape: "normal", degreesOfFreedom: 1_000_000,
    history: [], months: [0, 1, 2].map(() => ({ meanMinor, deviationMinor, knownMinor: 0 })), backtest: null, ...over,
  };
}

function basis(components: readonly ForecastComponent[], over: Partial<OutlookBasis> = {}): OutlookBasis {
  const none = components.map((_, i) => components.map((__, j) => (i === j ? 1_000 : 0)));
  return {
    asOfMonth: "2025-12", horizonMonths: 3, components: [...components], correlationPermille: none, persistencePermille: 0,
    widthPermille: { expenses: 1_000, net: 1_000 }, cash: { openingMinor: 100_000, unknownAccounts: 0 }, ...over,
  };
}

/** The standard normal distribution function (Abramowitz & Stegun 7.1.26, within 1.5e-7). */
function normalBelow(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const tail = (((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp((-z * z) / 2)) / 2;
  return z < 0 ? tail : 1 - tail;
}

const revenue = part("revenue", 1_000_000, 50_000);
const rent = part("rent", 1_020_000, 40_000);

describe("the probability that cash runs out", () => {
  // One month: cash is normal with the sum of the variances, less twice the covariance.
  it.each([0, 600, -600])("is that of a normal month when errors correlate by %d per mille", (together) => {
    const { cashOutBasisPoints } = outlookOf(basis([revenue, rent], { correlationPermille: [[1_000, together], [together, 1_000]] }));
    const deviation = Math.sqrt(50_000 ** 2 + 40_000 ** 2 - (2 * together * 50_000 * 40_000) / 1_000);
    expect(Math.abs((cashOutBasisPoints?.[0] ?? 0) / 10_000 - normalBelow(-80_000 / deviation))).toBeLessThan(0.02);
  });

  it("is that of a wide normal month when errors last", () => {
    const { cashOutBasisPoints } = outlookOf(basis([revenue, part("rent", 1_020_000, 0)], { persistencePermille: 1_000 }));
    // Cash only falls, so it is out by the third month when it is then: 100,000 − 3 · 20,000 + 3 · 50,000 z < 0.
    expect(Math.abs((cashOutBasisPoints?.[2] ?? 0) / 10_000 - normalBelow(-40_000 / 150_000))).toBeLessThan(0.02);
  });

  it("is none or certain where nothing is uncertain, and never falls with time", () => {
    expect(outlookOf(basis([part("revenue", 10, 0), part("rent", 40_000, 0)])).cashOutBasisPoints).toEqual([0, 0, 10_000]);
    const told = outlookOf(basis([revenue, rent])).cashOutBasisPoints ?? [];
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it("is not told without a balance", () => {
    const outlook = outlookOf(basis([revenue, rent], { cash: null }));
    expect(outlook.cashOutBasisPoints).toBeNull();
    expect(outlook.points.map(({ cash }) => cash)).toEqual([null, null, null]);
  });
});

const amount = fc.integer({ min: 0, max: 10_000_000 });
const anyPart = (id: string) => fc.tuple(amount, amount, fc.constantFrom("normal", "skewed"), fc.integer({ min: 1, max: 40 })).map(([mean, deviation, shape, degreesOfFreedom]) => part(id, mean, deviation, { shape, degreesOfFreedom }));
const anyBasis = fc
  .tuple(anyPart("revenue"), anyPart("rent"), anyPart("payroll"), fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 950 }), fc.integer({ min: -10_000_000, max: 10_000_000 }))
  .map(([a, b, c, together, persistencePermille, openingMinor]) =>
    basis([a, b, c], {
      correlationPermille: [[1_000, together, 0], [together, 1_000, 0], [0, 0, 1_000]],
      persistencePermille,
      cash: { openingMinor: minor(openingMinor), unknownAccounts: 0 },
    }),
  );

describe("any forecast", () => {
  it("has totals that are the sums of their parts to the minor unit, and ranges that widen with the level", () => {
    fc.assert(
      fc.property(anyBasis, (any) => {
        let cash = any.cash?.openingMinor ?? 0;
        outlookOf(any).points.forEach((point, step) => {
          const [first = 0, ...others] = any.components.map(({ months }) => months[step]?.meanMinor ?? 0);
          expect(point.revenue.mean).toBe(first);
          expect(point.expenses.mean).toBe(others.reduce((sum, each) => sum + each, 0));
          expect(point.net.mean).toBe(point.revenue.mean - point.expenses.mean);
          cash += point.net.mean;
          expect(point.cash?.mean).toBe(cash);
          for (const range of [point.revenue, point.expenses, point.net, point.cash]) {
            const row = range === null ? [] : [range.lo95, range.lo80, range.mean, range.hi80, range.hi95];
            expect(row).toEqual(row.toSorted((a, b) => a - b));
          }
          expect(Math.min(point.revenue.lo95, point.expenses.lo95)).toBeGreaterThanOrEqual(0);
        });
      }),
      { numRuns: 15 },
    );
  });

  it("has scenarios whose parts add up in every month, from worse to better, driven by what they name", () => {
    fc.assert(
      fc.property(anyBasis, (any) => {
        const [bad, usual, good] = [scenarioOf(any, "pessimistic"), scenarioOf(any, "realistic"), scenarioOf(any, "optimistic")];
        for (const scenario of [bad, usual, good]) {
          let cash = any.cash?.openingMinor ?? 0;
          for (const { componentsMinor, revenueMinor, expensesMinor, netMinor, cashMinor } of scenario.months) {
            const [first = 0, ...others] = componentsMinor;
            expect(revenueMinor).toBe(first);
            expect(expensesMinor).toBe(others.reduce((sum, each) => sum + each, 0));
            expect(netMinor).toBe(revenueMinor - expensesMinor);
            cash += netMinor;
            expect(cashMinor).toBe(cash);
          }
          expect(scenario.netMinor).toBe(scenario.months.reduce((sum, { netMinor }) => sum + netMinor, 0));
        }
        expect(usual.months.map(({ componentsMinor }) => componentsMinor)).toEqual([0, 1, 2].map((step) => any.components.map(({ months }) => months[step]?.meanMinor)));
        expect(bad.netMinor).toBeLessThanOrEqual(usual.netMinor);
        expect(good.netMinor).toBeGreaterThanOrEqual(usual.netMinor);
        expect(bad.drivers.every(({ effectMinor }) => effectMinor < 0)).toBe(true);
        expect(good.drivers.every(({ effectMinor }) => effectMinor > 0)).toBe(true);
        expect(usual.drivers).toEqual([]);
      }),
    );
  });
});

it("puts a scenario's total at its quantile", () => {
  const wide = basis([part("revenue", 10_000_000, 300_000), part("rent", 1_000_000, 0)]);
  // Three independent months: the total deviates by √3 · 300,000; a tenth lies beyond 1.397 deviations of Student's t with eight degrees of freedom.
  expect(Math.abs(scenarioOf(wide, "pessimistic").netMinor - (27_000_000 - 1.397 * Math.sqrt(3) * 300_000))).toBeLessThan(5_000);
  expect(scenarioOf(wide, "pessimistic").drivers.map(({ componentId }) => componentId)).toEqual(["revenue"]);
});

describe("what if", () => {
  const plain = basis([revenue, rent]);
  const nets = (of: OutlookBasis) => outlookOf(of).points.map(({ net }) => net.mean);

  it("changes a category by a percentage from a month on", () => {
    expect(nets(withWhatIf(plain, [{ kind: "percent", componentId: "rent", percent: -10, from: "2026-02" }]))).toEqual([-20_000, 82_000, 82_000]);
    const doubled = withWhatIf(plain, [{ kind: "percent", componentId: "revenue", percent: 100 }]);
    expect(doubled.components[0]?.months[0]).toEqual({ meanMinor: 2_000_000, deviationMinor: 100_000, knownMinor: 0 });
  });

  it("adds a sum once, and people from a month on, with certainty", () => {
    const changed = withWhatIf(plain, [
      { kind: "one_off", month: "2026-01", amountMinor: 5_000 },
      { kind: "one_off", month: "2026-03", amountMinor: -7_000 },
      { kind: "hire", from: "2026-02", count: 2, monthlyCostMinor: 30_000 },
    ]);
    expect(nets(changed)).toEqual([-15_000, -80_000, -87_000]);
    expect(changed.components.map(({ id }) => id)).toEqual(["revenue", "rent", whatIfIds.revenue, whatIfIds.expense]);
    const width = (of: OutlookBasis) => outlookOf(of).points.map(({ net }) => net.hi80 - net.mean);
    expect(width(changed)).toEqual(width(plain));
    expect(outlookOf(changed).cashOutBasisPoints?.[2]).toBeGreaterThan(outlookOf(plain).cashOutBasisPoints?.[2] ?? 0);
  });

  it("is nothing for months outside of the forecast, and taken back leaves what was", () => {
    expect(withWhatIf(plain, [{ kind: "one_off", month: "2027-01", amountMinor: 5 }])).toEqual(plain);
    expect(outlookOf(withWhatIf(plain, []))).toEqual(outlookOf(plain));
  });

  it("refuses parts that are not there and falls below nothing", () => {
    expect(() => withWhatIf(plain, [{ kind: "percent", componentId: "x", percent: 1 }])).toThrow(RangeError);
    expect(() => withWhatIf(plain, [{ kind: "percent", componentId: "rent", percent: -101 }])).toThrow(RangeError);
  });
});

describe("saved scenarios", () => {
  const parts = basis([part("revenue", 1_000, 0), part("category:rent", 1_050, 0)]);
  const none = { revenue: null, expenses: null, net: null };
  const report: BusinessForecast = {
    version: 2, outcome: "ok", currency: "EUR", monthsUsed: 12, historyMonths: [], model: { revenue: "", expenses: "", net: "" }, backtest: none, known: [], plannedElsewhere: 0,
    ...parts, ...outlookOf(parts),
  };
  const scenario = (changes: WhatIf[], currency = "EUR") => ({ id: "s", name: "s", currency, changes });

  it("tell what each change does to profit, the end of cash and its lowest month", () => {
    expect(outcomeOf(report)).toEqual({ profitMinor: -150, cash: { lastMinor: 99_850, lowestMinor: 99_850, lowestMonth: "2026-03" }, cashOutBasisPoints: 0 });
    const [dearer, loan] = compareScenarios(report, [
      scenario([{ kind: "percent", componentId: "category:rent", percent: 10, from: "2026-02" }]),
      scenario([{ kind: "one_off", amountMinor: -500, month: "2026-01" }, { kind: "hire", count: -1, monthlyCostMinor: 200, from: "2026-02" }]),
    ]);
    expect(dearer).toMatchObject({ profitMinor: -360, profitChangeMinor: -210, leftOut: 0 });
    expect(loan).toMatchObject({ profitMinor: -250, profitChangeMinor: -100, cash: { lastMinor: 99_750, lowestMinor: 99_450, lowestMonth: "2026-01" } });
  });

  it("leave out what the forecast has no place for, and say so", () => {
    const gone: WhatIf[] = [{ kind: "percent", componentId: "category:gone", percent: 5 }, { kind: "one_off", amountMinor: 5, month: "2025-12" }, { kind: "hire", count: 1, monthlyCostMinor: 5, from: "2026-04" }];
    expect(tryChanges(report, gone)).toEqual({ report, leftOut: 3 });
    const elsewhere = tryChanges(report, [{ kind: "one_off", amountMinor: 5, month: "2026-02" }, { kind: "percent", componentId: "revenue", percent: 1 }], "USD");
    expect(elsewhere.leftOut).toBe(1);
    expect(outcomeOf(elsewhere.report).profitMinor).toBe(-120);
    // A person hired before the forecast begins is there from its first month on.
    expect(outcomeOf(tryChanges(report, [{ kind: "hire", count: 1, monthlyCostMinor: 5, from: "2020-01" }]).report).profitMinor).toBe(-165);
  });

  it("of another version's form are not read", () => {
    expect(savedScenarioOf({ id: "s", name: "s", currency: "EUR", changes: [{ kind: "loan" }] })).toBeUndefined();
  });
});
