import { detailReport, type DetailFigures, type DetailReport, type Row } from "@saldo/schema";
import { expect } from "vitest";
import { numbersOf } from "../detail/numbers.ts";
import { filterOfRows } from "../drill-down.ts";
import type { ReportNumber } from "../report-number.ts";
import type { TransactionFilter } from "../transactions.ts";

/** What came in and went out (positive) over the rows of a filter. */
export type Sums = (filter: Omit<TransactionFilter, "workspaceId">) => Promise<{ readonly inMinor: number; readonly outMinor: number }>;

/** Every number of a detail report is the sum of the rows it drills down to, and the report is whole: no row is left out of its parts. */
export async function expectDetail(report: DetailReport, sums: Sums): Promise<void> {
  expect(detailReport.parse(report)).toEqual(report);
  await expectNumbers(numbersOf(report), report.currency, sums);
  expectWhole(report);
}

/** Each of the numbers is the sum of the rows it is said to be made of. */
export async function expectNumbers(numbers: Iterable<ReportNumber>, currency: string, sums: Sums): Promise<void> {
  const wrong: string[] = [];
  for (const number of numbers) {
    const plain = await plainAmount(number, currency, sums);
    if (plain !== number.amountMinor) wrong.push(`${number.path} is ${number.amountMinor}, its rows come to ${plain}`);
  }
  expect(wrong).toEqual([]);
}

async function plainAmount({ terms, dividedBy, saidMinor, currency: other }: ReportNumber, currency: string, sums: Sums): Promise<number> {
  let total = saidMinor ?? 0;
  for (const { rows, days, sign } of terms) {
    const { inMinor, outMinor } = await sums(filterOfRows(rows, other ?? currency, days));
    total += sign * (rows.measure === "in" ? inMinor : rows.measure === "out" ? outMinor : inMinor - outMinor);
  }
  return dividedBy === 1 ? total : Math.sign(total) * Math.round(Math.abs(total) / dividedBy) || 0;
}

const columns = ["currentMinor", "previousMinor", "yearAgoMinor"] as const;

/** The parts of a report add up to its wholes, in every period. */
function expectWhole(report: DetailReport): void {
  const { profitAndLoss, cashFlow, matrix, bridge } = report;
  const expectSum = (what: string, parts: readonly { readonly figures: DetailFigures }[], whole: DetailFigures) => {
    for (const column of columns) {
      const total = whole[column];
      if (total !== null) expect(parts.reduce((sum, { figures }) => sum + (figures[column] ?? Number.NaN), 0), `${what} ${column}`).toBe(total);
    }
  };
  const { revenue, expenses } = profitAndLoss;
  for (const [side, whole] of [["revenue", revenue], ["expenses", expenses]] as const) {
    const tops = report.categories.filter((line) => line.side === side && line.depth === 0);
    expectSum(`categories of ${side}`, tops, whole.figures);
    const shares = tops.reduce((sum, { shareBasisPoints }) => sum + shareBasisPoints, 0);
    expect(shares).toBe(whole.figures.currentMinor === 0 ? 0 : 10_000);
  }
  expectSum("customers", [...report.customers.largest, ...(report.customers.others ? [report.customers.others] : [])], revenue.figures);
  expectSum("suppliers", [...report.suppliers.largest, ...(report.suppliers.others ? [report.suppliers.others] : [])], expenses.figures);
  for (const what of ["revenue", "expenses"] as const) {
    const lines = report.accounts.map((account) => account[what]);
    expect(lines.reduce((sum, { figures }) => sum + figures.currentMinor, 0)).toBe(profitAndLoss[what].figures.currentMinor);
  }
  expectSum("cash flow", [...cashFlow.sections.map(({ total }) => total), cashFlow.transfers], cashFlow.net.figures);
  for (const { total, lines } of cashFlow.sections) expectSum("a section of cash flow", lines, total.figures);
  if (cashFlow.balances) expect(cashFlow.balances.openingMinor + cashFlow.net.figures.currentMinor).toBe(cashFlow.balances.closingMinor);
  expect(matrix.totalsMinor.reduce((sum, total) => sum + total, 0)).toBe(matrix.totalMinor);
  expect(matrix.lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0)).toBe(matrix.totalMinor);
  if (bridge) expect(bridge.steps.reduce((sum, { deltaMinor }) => sum + deltaMinor, bridge.fromMinor)).toBe(bridge.toMinor);
}

/** Sums by a plain loop over rows that count, with no SQL and no code of the reports. */
export function plainSums(rows: readonly Row<"transaction">[], categories: readonly Row<"category">[]): Sums {
  const transferCategories = new Set(categories.filter(({ kind }) => kind === "transfer").map(({ id }) => id));
  return async (filter) => {
    let [inMinor, outMinor] = [0, 0];
    for (const row of rows) {
      const isTransfer = row.kind === "transfer" || (row.categoryId !== null && transferCategories.has(row.categoryId));
      if (row.currency !== filter.currency || row.postedOn < (filter.from ?? "") || row.postedOn > (filter.to ?? "9999")) continue;
      if ((filter.excludeTransfers === true && isTransfer) || (filter.onlyTransfers === true && !isTransfer)) continue;
      if (filter.categoryIds !== undefined && !filter.categoryIds.includes(row.categoryId)) continue;
      if (filter.accountId !== undefined && row.accountId !== filter.accountId) continue;
      const name = row.counterpartyName === "" ? null : row.counterpartyName;
      if (filter.counterpartyName !== undefined && name !== filter.counterpartyName) continue;
      if (filter.exceptCounterpartyNames?.includes(name) === true) continue;
      if (row.amountMinor > 0) inMinor += row.amountMinor;
      else outMinor -= row.amountMinor;
    }
    return { inMinor, outMinor };
  };
}
