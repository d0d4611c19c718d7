import { minor } from "@saldo/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReadRow, Understanding } from "../../import/index.ts";
import { collectStatements } from "./statement-sums.ts";

const facts = { account: null, bank: null, currency: "RUB", from: null, to: null, openingMinor: null, closingMinor: null };
const row = (line: number, amountMinor: number, balanceMinor: number | null): ReadRow => ({
  line, postedOn: `2026-10-${String(Math.min(28, line)).padStart(2, "0")}`, amountMinor: minor(amountMinor), currency: "RUB", description: "", counterparty: null, account: null, category: null,
  bankId: null, counterpartyAccount: null, counterpartyTaxId: null, kind: null, statement: 0, parts: null, balanceMinor: balanceMinor === null ? null : minor(balanceMinor),
});

function reportOf(rows: readonly ReadRow[], statement: Understanding["statements"][number] = facts) {
  const sums = collectStatements({ statements: [statement] });
  for (const each of rows) sums.add(each, "account");
  return sums.reports();
}

describe("what a file says of its balances", () => {
  it("agrees when opening + in − out is the closing balance, and else tells the difference", () => {
    const told = { ...facts, openingMinor: minor(1_000), closingMinor: minor(1_300) };
    expect(reportOf([row(1, 500, null), row(2, -200, null)], told)).toMatchObject([{ openingMinor: 1_000, inMinor: 500, outMinor: 200, closingMinor: 1_300, differenceMinor: 0 }]);
    expect(reportOf([row(1, 500, null)], told)).toMatchObject([{ differenceMinor: -200 }]);
    expect(reportOf([row(1, 500, null)], { ...facts, closingMinor: minor(7) })).toMatchObject([{ openingMinor: null, differenceMinor: null }]);
  });

  it("tells nothing of a file without balances, nor of a column that does not run with the amounts", () => {
    expect(reportOf([row(1, 500, null), row(2, -200, null)])).toEqual([]);
    expect(reportOf([row(1, 5, 900), row(2, -2, 17), row(3, 4, 300_000)])).toEqual([]);
  });

  it("shows exactly what is missing, and before which line, when rows are taken out of a running balance", () => {
    const property = fc.property(
      fc.array(fc.integer({ min: -50_000, max: 50_000 }).filter((amount) => amount !== 0), { minLength: 12, maxLength: 60 }),
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.array(fc.nat(), { maxLength: 3 }),
      fc.boolean(),
      (amounts, openingMinor, picks, isNewestFirst) => {
        let balance = openingMinor;
        const all = amounts.map((amount, index) => row(index + 1, amount, (balance += amount)));
        // First and last stay: what is missing beyond them no balance can tell.
        const gone = new Set(picks.map((pick) => 1 + (pick % (all.length - 2))));
        const kept = all.filter((_, index) => !gone.has(index));
        const [report] = reportOf(isNewestFirst ? kept.toReversed() : kept);
        const missing = [...gone].reduce((sum, index) => sum + (amounts[index] ?? 0), 0);
        expect(report).toMatchObject({ openingMinor, closingMinor: balance, differenceMinor: missing });
        expect((report?.gaps ?? []).reduce((sum, gap) => sum + gap.differenceMinor, 0)).toBe(missing);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});
