import { allocateMinor, compareBytewise, minor, type DashboardReport } from "@saldo/schema";
import { isTransferIn, type Books } from "./books.ts";
import type { CategoryGroup } from "./ledger.ts";

const wholeInBasisPoints = minor(10_000);

/**
 * Expenses by category, largest first, equal ones by name in byte order with the nameless last. Shares add up to 10,000 basis points by
 * largest remainder. Categories without expenses in the period are left out.
 */
export function categoryBreakdown(
  books: Books,
  current: readonly CategoryGroup[],
  previous: readonly CategoryGroup[],
): DashboardReport["categoryBreakdown"] {
  const now = expensesByCategory(books, current);
  const before = expensesByCategory(books, previous);
  const rows = [...now].filter(([, amountMinor]) => amountMinor > 0).map(([categoryId, amountMinor]) => {
    const category = categoryId === null ? undefined : books.categories.get(categoryId);
    return { categoryId, name: category?.name ?? null, slot: category?.slot ?? 0, amountMinor, previousMinor: before.get(categoryId) ?? 0 };
  });
  rows.sort((a, b) => b.amountMinor - a.amountMinor || compareNames(a.name, b.name) || compareNames(a.categoryId, b.categoryId));
  const shares = allocateMinor(wholeInBasisPoints, rows.map((row) => row.amountMinor));
  return rows.map((row, index) => ({ ...row, shareBasisPoints: shares[index] ?? 0 }));
}

/** Expenses of each category that has groups, transfers left out; null is what has no category. Throws `RangeError` beyond the safe range. */
export function expensesByCategory(books: Books, groups: readonly CategoryGroup[]): Map<string | null, number> {
  const isTransfer = isTransferIn(books);
  const sums = new Map<string | null, number>();
  for (const group of groups) {
    const { categoryId, outMinor } = group;
    if (!isTransfer(group)) sums.set(categoryId, minor((sums.get(categoryId) ?? 0) + outMinor));
  }
  return sums;
}

function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareBytewise(a, b);
}
