import { minor, sumMinor, type DetailReport, type Minor, type Month } from "@saldo/schema";
import { groupsOf, type Books } from "../books.ts";
import { isCompleteMonth } from "../complete-months.ts";
import { amountOn, rowsOfCategories } from "./categories.ts";
import { sumGroups } from "./columns.ts";
import { byAmount, type CategoryTree } from "./tree.ts";

type Matrix = DetailReport["matrix"];

/** Expenses of some months by top category, most money first. */
export function expenseMatrix(books: Books, tree: CategoryTree, months: readonly Month[], today: string): Matrix {
  const amount = amountOn(books, "expenses");
  const dataThrough = books.range?.last ?? today;
  const columns = months.map((month) => ({ month, partial: !isCompleteMonth(month, { dataThrough, today }) }));
  const groups = months.map((month) => groupsOf(books, month));
  const tops = new Set<string | null>();
  for (const group of groups.flat()) if (amount(group) !== 0) tops.add(tree.topOf(group.categoryId));
  const lines = [...tops].map((top) => {
    const ids = tree.within(top);
    const cellsMinor = groups.map((each) => sumGroups(each, (group) => (ids.has(group.categoryId) ? amount(group) : 0)));
    const complete = cellsMinor.filter((_, index) => columns[index]?.partial === false);
    return { ...tree.labelOf(top), rows: rowsOfCategories("expenses", ids), cellsMinor, totalMinor: sumMinor(cellsMinor), usualMinor: medianOf(complete) };
  });
  const totalsMinor = months.map((_, index) => sumMinor(lines.map(({ cellsMinor }) => cellsMinor[index] ?? minor(0))));
  return { months: columns, lines: lines.toSorted(byAmount(({ totalMinor }) => totalMinor)), totalsMinor, totalMinor: sumMinor(totalsMinor) };
}

/** The middle amount; of an even number the mean of the two in the middle, rounded. Zero of none. */
function medianOf(amounts: readonly Minor[]): Minor {
  const sorted = amounts.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return minor(low === undefined || high === undefined ? 0 : Math.round((low + high) / 2));
}
