import { categoryComponentId } from "@saldo/schema";
import type { BusinessMonth, BusinessRequest } from "./model.ts";

/** A series of the forecast: revenue, or expenses of one category or several. */
export interface Component {
  readonly id: string;
  readonly kind: "revenue" | "expense";
  readonly categoryId: string | null;
  readonly name: string | null;
  readonly slot: number;
  readonly pooled: number;
  /** Positive amounts of the months, oldest first. */
  readonly history: readonly number[];
}

/** Categories with a series of their own; the rest go together. */
const categorySeriesMax = 8;
/** Months, of the last year or two, a category must have had expenses in for a series of its own. */
const busyMonthsMin = 6;
const recentMonths = 24;

/** Id of the revenue component. */
export const revenueId = "revenue";
const otherId = "other";
const uncategorisedId = "uncategorised";

/** The series of a business, and which of them expenses of a category belong to. */
export interface Components {
  readonly all: readonly Component[];
  readonly idOf: (categoryId: string | null) => string;
}

/** Revenue, the largest busy categories, expenses without a category, and the others together: at most eleven series. */
export function componentsOf({ months, categories }: Pick<BusinessRequest, "months" | "categories">): Components {
  const ids = new Set(months.flatMap(({ expensesMinor }) => [...expensesMinor.keys()]));
  const named = [...ids].flatMap((id) => (id === null ? [] : [{ id, history: historyOf(months, [id]) }]));
  const busy = named
    .filter(({ history }) => history.slice(-recentMonths).filter((amount) => amount > 0).length >= busyMonthsMin)
    .sort((a, b) => recentSum(b.history) - recentSum(a.history) || (a.id < b.id ? -1 : 1))
    .slice(0, categorySeriesMax);
  const own = new Set(busy.map(({ id }) => id));
  const small = named.map(({ id }) => id).filter((id) => !own.has(id));
  const pooledAs = { categoryId: null, name: null, slot: 0 };
  const all: Component[] = [
    { id: revenueId, kind: "revenue", ...pooledAs, pooled: 0, history: months.map(({ revenueMinor }) => revenueMinor) },
    ...busy.map(({ id, history }): Component => {
      const { name = null, slot = 0 } = categories.get(id) ?? {};
      return { id: categoryComponentId(id), kind: "expense", categoryId: id, name, slot, pooled: 0, history };
    }),
  ];
  if (small.length > 0) all.push({ id: otherId, kind: "expense", ...pooledAs, pooled: small.length, history: historyOf(months, small) });
  if (ids.has(null) || all.length === 1) all.push({ id: uncategorisedId, kind: "expense", ...pooledAs, pooled: 0, history: historyOf(months, [null]) });
  const present = new Set(all.map(({ id }) => id));
  const fallback = [otherId, uncategorisedId].find((id) => present.has(id)) ?? all.at(-1)?.id ?? uncategorisedId;
  return {
    all,
    idOf: (categoryId) => {
      const id = categoryId === null ? uncategorisedId : own.has(categoryId) ? categoryComponentId(categoryId) : otherId;
      return present.has(id) ? id : fallback;
    },
  };
}

function historyOf(months: readonly BusinessMonth[], categoryIds: readonly (string | null)[]): number[] {
  return months.map(({ expensesMinor }) => categoryIds.reduce((sum, id) => sum + (expensesMinor.get(id) ?? 0), 0));
}

function recentSum(history: readonly number[]): number {
  return history.slice(-recentMonths).reduce((sum, amount) => sum + amount, 0);
}
