import { minor, monthOf, sumMinor, type DetailLine, type DetailReport, type Month, type PeriodChoice } from "@saldo/schema";
import type { SqlReader } from "../../store/index.ts";
import { isTransferIn, monthsOf, readBooks, type Books } from "../books.ts";
import { readAccounts } from "../cash.ts";
import type { CategoryGroup } from "../ledger.ts";
import { comparisonsOf, periodOf } from "../period.ts";
import { basisPoints } from "../totals.ts";
import { accountLines } from "./accounts.ts";
import { profitBridge } from "./bridge.ts";
import { cashFlow } from "./cash-flow.ts";
import { amountOn, categoryLines } from "./categories.ts";
import { figuresOf, readGroupColumns, sumGroups, type Columns } from "./columns.ts";
import { counterpartyLines } from "./counterparties.ts";
import { currencyLines } from "./currencies.ts";
import { expenseMatrix } from "./matrix.ts";
import { categoryTree } from "./tree.ts";

/** Months of the matrix and of the small trends, up to the period's last. */
const matrixMonthsMax = 12;

/** What a detail report is of. */
export interface DetailRequest {
  readonly workspaceId: string;
  /** Default: the workspace's currency if it has rows, else the one with most rows. */
  readonly currency?: string;
  /** Default: the last month that has rows. */
  readonly period?: PeriodChoice;
  /** Today's date, YYYY-MM-DD. */
  readonly today: string;
}

/**
 * Computes the detail report from the rows that count, as the ledger adds them up. Give it a snapshot, so that all its figures are of one state.
 * Throws `RangeError` when a sum leaves the safe range or the period is not of its form.
 */
export async function computeDetail(reader: SqlReader, { workspaceId, currency, period: choice = "last", today }: DetailRequest): Promise<DetailReport> {
  const books = await readBooks(reader, workspaceId, currency);
  const period = periodOf(books, choice, today);
  const comparisons = comparisonsOf(books, period);
  const tree = categoryTree(books);
  const { byAccount, columns } = await readGroupColumns(books, period, comparisons);
  const accounts = await readAccounts(reader, books);
  const months = monthsUpTo(books, monthOf(period.to));
  const profitAndLoss = profitAndLossOf(books, columns);
  const categories = (["revenue", "expenses"] as const).flatMap((side) => categoryLines(books, tree, side, columns, months));
  return {
    version: 1,
    currency: books.currency,
    period: { kind: period.kind, from: period.from, to: period.to, partial: period.partial, dataThrough: period.dataThrough },
    comparisons,
    transactionCount: sumMinor(columns.current.map(({ count }) => minor(count))),
    profitAndLoss,
    categories,
    ...(await counterpartyLines(books, period, comparisons)),
    accounts: accountLines(books, accounts, byAccount),
    cashFlow: await cashFlow(books, { tree, columns, accounts, period }),
    matrix: expenseMatrix(books, tree, months, today),
    bridge: profitBridge(profitAndLoss, categories),
    ...(await currencyLines(reader, books, period)),
  };
}

/** The last months of the books up to one. */
function monthsUpTo(books: Books, last: Month): Month[] {
  return monthsOf(books).filter((month) => month <= last).slice(-matrixMonthsMax);
}

function profitAndLossOf(books: Books, columns: Columns<readonly CategoryGroup[]>): DetailReport["profitAndLoss"] {
  const isTransfer = isTransferIn(books);
  const line = (measure: "in" | "out" | "net", amount: (group: CategoryGroup) => number): DetailLine => ({
    figures: figuresOf(columns, (groups) => sumGroups(groups, amount)),
    rows: { measure, transfers: "without" },
  });
  const revenue = line("in", amountOn(books, "revenue"));
  const profit = line("net", (group) => (isTransfer(group) ? 0 : minor(group.inMinor - group.outMinor)));
  const margin = (part: number | null, whole: number | null) => (part === null || whole === null || whole <= 0 ? null : basisPoints(part, whole));
  return {
    revenue,
    expenses: line("out", amountOn(books, "expenses")),
    profit,
    marginBasisPoints: margin(profit.figures.currentMinor, revenue.figures.currentMinor),
    previousMarginBasisPoints: margin(profit.figures.previousMinor, revenue.figures.previousMinor),
  };
}
