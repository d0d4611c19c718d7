import { finding } from "@saldo/schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findFindings } from "./find-findings.ts";
import { ledgerRecipes } from "./fitting/ledger-recipe.ts";
import { plantedLedger } from "./fitting/planted-ledger.ts";
import { ledgerBuilder, type Ledger, type LedgerRow } from "./ledger.ts";

const names = ["Молоко", "ООО Молоко", "Paper", "Paper ltd", "", "x", "Аренда 12", "Аренда 13"];
const anyRow = fc.record({
  day: fc.integer({ min: 0, max: 400 }),
  amountMinor: fc.oneof(fc.constantFrom(0, -1, 1, -50_000, -49_900, -100_000), fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })),
  currency: fc.constantFrom("EUR", "JPY", "KWD"),
  counterparty: fc.constantFrom(...names),
  category: fc.constantFrom("a", "b", "", null),
  detail: fc.constantFrom("one", "two", ""),
});

type AnyRow = typeof anyRow extends fc.Arbitrary<infer Row> ? Row : never;

function ledgerOf(rows: readonly AnyRow[]): Ledger {
  const builder = ledgerBuilder(1);
  for (const [place, { day, detail, ...row }] of rows.entries()) {
    const postedOn = new Date(Date.UTC(2024, 1, 28) + day * 86_400_000).toISOString().slice(0, 10);
    const whole: LedgerRow = { ...row, id: `r${place}`, postedOn, minuteOfDay: day % 7 === 0 ? day % 1_440 : null, description: "", account: null, details: [detail], isDistinct: false };
    builder.add(whole);
  }
  return builder.build();
}

test("whatever the rows, findings are well formed, name rows that are there, keep to their budget and have keys of their own", () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 200 }), (rows) => {
      const ledger = ledgerOf(rows);
      const { findings } = findFindings(ledger);
      const ids = new Set(ledger.ids);
      const told = findings.map((one) => finding.parse(one));
      expect(new Set(told.map(({ stableKey }) => stableKey)).size).toBe(told.length);
      const suspects = told.flatMap(({ evidence }) => evidence.rows.filter(({ role }) => role === "suspect").map(({ transactionId }) => transactionId));
      expect(suspects.every((id) => ids.has(id))).toBe(true);
      expect(suspects.length).toBeLessThanOrEqual(Math.max(10, Math.floor(rows.length * 0.015)));
      expect(told.every(({ amountMinor }) => amountMinor === null || amountMinor >= 0)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("a ledger gives the same findings whatever ids its rows have", () => {
  const { ledger } = plantedLedger({ ...recipeOf(2_000), rows: 1_500 });
  const renamed = { ...ledger, ids: ledger.ids.map((_, place) => `other ${place}`) };
  const plain = ({ findings }: ReturnType<typeof findFindings>) => findings.map(({ stableKey, scorePermille, evidence }) => ({ stableKey, scorePermille, facts: evidence.facts }));
  expect(plain(findFindings(renamed))).toEqual(plain(findFindings(ledger)));
});

test("generated ledgers nothing was fitted to: most of what is told is right, and few rows are told", () => {
  for (const recipe of ledgerRecipes(3_000, 3)) {
    const { ledger, labels } = plantedLedger({ ...recipe, rows: 2_500 });
    const suspects = findFindings(ledger).findings.flatMap(({ evidence }) => evidence.rows.filter(({ role }) => role === "suspect").map(({ transactionId }) => transactionId));
    const right = suspects.filter((id) => labels.has(id)).length;
    expect({ seed: recipe.seed, isMostlyRight: right >= suspects.length / 2, isShort: suspects.length <= ledger.count * 0.015 + 10 }).toEqual({ seed: recipe.seed, isMostlyRight: true, isShort: true });
  }
});

function recipeOf(seed: number) {
  const [recipe] = ledgerRecipes(seed, 1);
  if (recipe === undefined) throw new RangeError("no recipe");
  return recipe;
}
