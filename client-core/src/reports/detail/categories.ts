import { allocateMinor, minor, type DetailCategory, type Month, type RowsBehind } from "@saldo/schema";
import { groupsOf, isTransferIn, type Books } from "../books.ts";
import type { CategoryGroup } from "../ledger.ts";
import { figuresOf, sumGroups, type Columns } from "./columns.ts";
import { byAmount, inOrder, type CategoryTree } from "./tree.ts";

const wholeInBasisPoints = minor(10_000);

/** A side of the profit and loss account. */
export type Side = DetailCategory["side"];

const measureOf = { revenue: "in", expenses: "out" } as const;

/** What of a group belongs to a side; transfers are left out. */
export function amountOn(books: Books, side: Side): (group: CategoryGroup) => number {
  const isTransfer = isTransferIn(books);
  return (group) => (isTransfer(group) ? 0 : side === "revenue" ? group.inMinor : group.outMinor);
}

/** The rows of a side under some categories. */
export function rowsOfCategories(side: Side, ids: Iterable<string | null>): RowsBehind {
  return { measure: measureOf[side], transfers: "without", categoryIds: inOrder(ids) };
}

/** The categories of one side that have money in the period or in what it is held against, as a tree written down. */
export function categoryLines(books: Books, tree: CategoryTree, side: Side, columns: Columns<readonly CategoryGroup[]>, months: readonly Month[]): DetailCategory[] {
  const amount = amountOn(books, side);
  const trend = months.map((month) => groupsOf(books, month));
  const used = new Set<string | null>();
  for (const groups of [columns.current, columns.previous ?? [], columns.yearAgo ?? [], ...columns.mean]) {
    for (const group of groups) if (amount(group) !== 0) for (let id = group.categoryId, above = tree.parentOf(id); ; id = above, above = tree.parentOf(id)) {
      used.add(id);
      if (above === null) break;
    }
  }
  const lineOf = (id: string | null, depth: number): DetailCategory => {
    const ids = tree.within(id);
    const inSubtree = (groups: readonly CategoryGroup[]) => sumGroups(groups, (group) => (ids.has(group.categoryId) ? amount(group) : 0));
    return {
      ...tree.labelOf(id),
      side,
      depth,
      parentId: tree.parentOf(id),
      shareBasisPoints: 0,
      trendMinor: trend.map(inSubtree),
      figures: figuresOf(columns, inSubtree),
      rows: rowsOfCategories(side, ids),
    };
  };
  const branch = (ids: readonly (string | null)[], depth: number): DetailCategory[] =>
    ids
      .filter((id) => used.has(id))
      .map((id) => lineOf(id, depth))
      .toSorted(byAmount(({ figures }) => figures.currentMinor))
      .flatMap((line) => [line, ...branch(line.categoryId === null ? [] : tree.childrenOf(line.categoryId), depth + 1)]);
  return withShares(branch([...used].filter((id) => tree.parentOf(id) === null), 0));
}

/** Shares of the tops by largest remainder; those beneath share out what is above them and do not have to add up: it may have rows of its own. */
function withShares(lines: readonly DetailCategory[]): DetailCategory[] {
  const tops = lines.filter(({ depth }) => depth === 0);
  const total = tops.reduce((sum, { figures }) => sum + figures.currentMinor, 0);
  const shares = new Map(allocateMinor(wholeInBasisPoints, tops.map(({ figures }) => figures.currentMinor)).map((share, index) => [tops[index]?.categoryId, share]));
  return lines.map((line) => {
    if (total === 0) return line;
    const share = line.depth === 0 ? shares.get(line.categoryId) : Math.round((line.figures.currentMinor / total) * wholeInBasisPoints);
    return { ...line, shareBasisPoints: share ?? 0 };
  });
}
