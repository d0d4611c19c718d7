import { compareBytewise, minor, sumMinor, type FigureOfSide, type Minor, type PeriodChoice, type ReportDays, type RowsBehind } from "@saldo/schema";
import type { SqlReader } from "../../store/index.ts";
import { isTransferIn, readBooks, type Books } from "../books.ts";
import type { LedgerGroup } from "../ledger.ts";
import { comparisonsOf, periodOf } from "../period.ts";
import { amountOn, rowsOfCategories } from "./categories.ts";
import { sumGroups } from "./columns.ts";
import { categoryTree, type CategoryTree } from "./tree.ts";

/** Parts of a change told one by one, the largest changes; the others stand together. */
export const changePartsMax = 12;

/** One part of a change: a category or a counterparty, with its money in both times. */
export interface ChangePart {
  readonly kind: "category" | "counterparty";
  /** Id of the category, or the counterparty's name; null for none. */
  readonly id: string | null;
  readonly name: string | null;
  readonly nowMinor: Minor;
  readonly beforeMinor: Minor;
  readonly rows: RowsBehind;
}

/** Why a figure is another than before, as the rows say: its parts then and now. `parts` and `rest` add up to the figure in both times. */
export interface FigureChange {
  readonly figure: FigureOfSide;
  /** Of the category; null for a whole side, and for rows without a category. */
  readonly name: string | null;
  readonly currency: string;
  readonly now: ReportDays;
  readonly before: ReportDays;
  readonly nowMinor: Minor;
  readonly beforeMinor: Minor;
  /** Largest change first; those that did not change are left out. */
  readonly parts: readonly ChangePart[];
  readonly rest: { readonly nowMinor: Minor; readonly beforeMinor: Minor } | null;
}

/** Whose change is asked for. */
export interface ChangeRequest {
  readonly workspaceId: string;
  /** Default: as of a detail report. */
  readonly currency?: string;
  readonly period: PeriodChoice;
  /** Today's date, YYYY-MM-DD. */
  readonly today: string;
}

/** Changes of one period against the one before it, else against the year before. */
export interface Changes {
  /** The change of one figure. */
  of(figure: FigureOfSide): Promise<FigureChange>;
  /** Both sides, and top categories of expenses that went up most; figures without a change are left out. */
  largest(countMax: number): Promise<readonly FigureChange[]>;
}

/** Opens the changes of a period; null when the books do not reach back to anything before it. Give it a snapshot, and use it within. */
export async function openChanges(reader: SqlReader, { workspaceId, currency, period: choice, today }: ChangeRequest): Promise<Changes | null> {
  const books = await readBooks(reader, workspaceId, currency);
  const period = periodOf(books, choice, today);
  const { previous, yearAgo } = comparisonsOf(books, period);
  const before = previous ?? yearAgo;
  if (before === null) return null;
  const now = { from: period.from, to: period.to };
  const parts: Parts = { books, tree: categoryTree(books), now, before, groupsNow: await books.ledger.groupsOf(books.currency, now), groupsBefore: await books.ledger.groupsOf(books.currency, before) };
  return {
    of: (figure) => changeOf(parts, figure),
    async largest(countMax) {
      const sides = await Promise.all([changeOf(parts, { side: "revenue" }), changeOf(parts, { side: "expenses" })]);
      const risen = topParts(parts, "expenses").filter(({ nowMinor, beforeMinor }) => nowMinor > beforeMinor).toSorted(byChange);
      const categories = await Promise.all(risen.slice(0, Math.max(0, countMax - sides.length)).map(({ id }) => changeOf(parts, { side: "expenses", categoryId: id })));
      return [...sides, ...categories].filter(({ nowMinor, beforeMinor }) => nowMinor !== beforeMinor).slice(0, countMax);
    },
  };
}

interface Parts {
  readonly books: Books;
  readonly tree: CategoryTree;
  readonly now: ReportDays;
  readonly before: ReportDays;
  readonly groupsNow: readonly LedgerGroup[];
  readonly groupsBefore: readonly LedgerGroup[];
}

/** Expenses as a whole are told by category; revenue, and any category, by who was paid or paid. */
async function changeOf(parts: Parts, figure: FigureOfSide): Promise<FigureChange> {
  const { books, tree, now, before } = parts;
  const isWhole = figure.categoryId === undefined;
  const all = isWhole && figure.side === "expenses" ? topParts(parts, "expenses") : await counterpartyParts(parts, figure);
  const changed = all.filter(({ nowMinor, beforeMinor }) => nowMinor !== beforeMinor).toSorted(byChange);
  const shown = changed.slice(0, changePartsMax);
  const total = (of: readonly ChangePart[]) => ({ nowMinor: sumMinor(of.map(({ nowMinor }) => nowMinor)), beforeMinor: sumMinor(of.map(({ beforeMinor }) => beforeMinor)) });
  const rest = all.filter((part) => !shown.includes(part));
  return {
    figure,
    name: figure.categoryId === undefined ? null : tree.labelOf(figure.categoryId).name,
    currency: books.currency,
    now,
    before,
    ...total(all),
    parts: shown,
    rest: rest.length === 0 ? null : total(rest),
  };
}

/** Money of a side by top category. */
function topParts({ books, tree, groupsNow, groupsBefore }: Parts, side: FigureOfSide["side"]): ChangePart[] {
  const amount = amountOn(books, side);
  const used = new Map<string | null, Set<string | null>>();
  for (const group of [...groupsNow, ...groupsBefore]) {
    if (amount(group) === 0) continue;
    const top = tree.topOf(group.categoryId);
    used.set(top, (used.get(top) ?? new Set()).add(group.categoryId));
  }
  return [...used].map(([top, ids]): ChangePart => {
    const sum = (groups: readonly LedgerGroup[]) => sumGroups(groups, (group) => (ids.has(group.categoryId) ? amount(group) : 0));
    return { kind: "category", id: top, name: tree.labelOf(top).name, nowMinor: sum(groupsNow), beforeMinor: sum(groupsBefore), rows: rowsOfCategories(side, ids) };
  });
}

/** Money of a figure by counterparty. */
async function counterpartyParts({ books, tree, now, before }: Parts, { side, categoryId }: FigureOfSide): Promise<ChangePart[]> {
  const isTransfer = isTransferIn(books);
  const within = categoryId === undefined ? undefined : tree.within(categoryId);
  const sums = (days: ReportDays) => books.ledger.counterpartiesOf(books.currency, days, (group) => isTransfer(group) || within?.has(group.categoryId) === false);
  const [then, today] = [await sums(before), await sums(now)];
  const measure = side === "revenue" ? "in" : "out";
  const of = (money: { readonly inMinor: Minor; readonly outMinor: Minor } | undefined) => (measure === "in" ? money?.inMinor : money?.outMinor) ?? minor(0);
  const rows: RowsBehind = within === undefined ? { measure, transfers: "without" } : rowsOfCategories(side, within);
  return [...new Set([...then.keys(), ...today.keys()])].flatMap((name): ChangePart[] => {
    const part = { nowMinor: of(today.get(name)), beforeMinor: of(then.get(name)) };
    return part.nowMinor === 0 && part.beforeMinor === 0 ? [] : [{ kind: "counterparty", id: name, name, ...part, rows: { ...rows, counterpartyName: name } }];
  });
}

function byChange(a: ChangePart, b: ChangePart): number {
  const change = ({ nowMinor, beforeMinor }: ChangePart) => Math.abs(nowMinor - beforeMinor);
  return change(b) - change(a) || compareBytewise(a.name ?? "", b.name ?? "") || compareBytewise(a.id ?? "", b.id ?? "");
}
