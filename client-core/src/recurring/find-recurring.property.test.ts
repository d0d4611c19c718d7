import { minor } from "@saldo/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random.ts";
import { findRecurring } from "./find-recurring.ts";
import { generatedPayments, unrelatedPayments, type PaymentsRecipe } from "./generated-payments.ts";
import { periodLimits } from "./rhythm.ts";

const parties = ["Газпром Межрегион", "Ромашка", "Northwind Traders", "Ёлки и Палки", "Contoso", "Стройсервис", "Молочный Двор", "Fabrikam"] as const;

const recipe = (party: string): fc.Arbitrary<PaymentsRecipe> =>
  fc
    .record({
      period: fc.constantFrom("week", "two_weeks", "month", "quarter", "year"),
      payments: fc.integer({ min: 0, max: 24 }),
      amountMinor: fc.integer({ min: 10_000, max: 50_000_000 }),
      isOut: fc.boolean(),
      spread: fc.constantFrom(0, 0.02, 0.1),
      late: fc.double({ min: 0, max: 0.6, noNaN: true }),
      day: fc.integer({ min: 0, max: 30 }),
    })
    .map(({ period, payments, amountMinor, isOut, spread, late, day }): PaymentsRecipe => ({
      party,
      period,
      anchor: period === "week" ? day % 7 : period === "two_weeks" ? day % 14 : day + 1,
      payments: payments + periodLimits[period].paymentsMin + 3,
      amountMinor: isOut ? -amountMinor : amountMinor,
      spread,
      strayDays: Math.floor(periodLimits[period].strayMax * late),
    }));

const books = fc.record({
  recipes: fc.tuple(...parties.map(recipe)).chain((all) => fc.subarray([...all], { minLength: 1 })),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

describe("planted series", () => {
  it("are found whole, with period, amount and dates, among unrelated payments", () => {
    fc.assert(
      fc.property(books, ({ recipes, seed }) => {
        const random = seededRandom(seed);
        const planted = recipes.map((each) => ({ each, rows: generatedPayments(each, random) }));
        const noise = ["Лавка", "Corner Shop", "Прочие"].flatMap((party, index) => unrelatedPayments(party, 5 + index * 20, random));
        for (const { each, rows } of planted) {
          const asOf = rows.at(-1)?.postedOn ?? "";
          const series = findRecurring([...noise, ...planted.flatMap((other) => other.rows)], { asOf }).filter(({ name }) => rows.some((row) => row.counterpartyName === name));
          expect(series.map(({ period, direction, status }) => ({ period, direction, status }))).toEqual([
            { period: each.period, direction: each.amountMinor < 0 ? "out" : "in", status: "active" },
          ]);
          expect(series[0]?.rowIds).toEqual(rows.map(({ id }) => id));
          expect(Math.abs((series[0]?.usualMinor ?? 0) / each.amountMinor - 1)).toBeLessThanOrEqual(each.spread + 1e-4);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("do not depend on the order of rows, and each row belongs to one series at most", () => {
    fc.assert(
      fc.property(books, fc.integer(), ({ recipes, seed }, order) => {
        const random = seededRandom(seed);
        const rows = [...recipes.flatMap((each) => generatedPayments(each, random)), ...unrelatedPayments("Лавка", 40, random)];
        const shuffle = seededRandom(order);
        const shuffled = rows.map((row) => ({ row, at: shuffle() })).toSorted((a, b) => a.at - b.at).map(({ row }) => row);
        const found = findRecurring(rows);
        expect(findRecurring(shuffled)).toEqual(found);
        const ids = found.flatMap(({ rowIds }) => rowIds);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 40 },
    );
  });
});

it("takes unrelated payments for a series in few of a thousand parties", () => {
  const random = seededRandom(20);
  const rows = Array.from({ length: 1_000 }, (_, index) => unrelatedPayments(`Party ${String.fromCharCode(97 + (index % 26), 97 + ((index / 26) % 26), 97 + (index / 676))}x`, 2 + (index % 30), random)).flat();
  expect(findRecurring(rows).length).toBeLessThan(30);
});

it("takes any rows", () => {
  const row = fc.record({
    id: fc.uuid(),
    postedOn: fc.date({ min: new Date("2020-01-01"), max: new Date("2026-12-31"), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
    amountMinor: fc.integer({ min: -5_000, max: 5_000 }).map(minor),
    currency: fc.constantFrom("RUB", "EUR"),
    description: fc.string({ unit: "grapheme" }),
    counterpartyName: fc.option(fc.constantFrom("А", "Б", "", "\u{1f9fe}", "7-11")),
    counterpartyId: fc.constant(null),
    counterpartyTaxId: fc.option(fc.constantFrom("1", "2")),
    categoryId: fc.constant(null),
  });
  fc.assert(fc.property(fc.array(row, { maxLength: 80 }), (rows) => void findRecurring(rows)), { numRuns: 100 });
});
