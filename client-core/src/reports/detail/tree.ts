import { compareBytewise, type Row } from "@saldo/schema";
import type { Books } from "../books.ts";

/** Categories as a tree. Whatever rows name that is no category of the books stands at the top by itself, as does null for none. */
export interface CategoryTree {
  readonly parentOf: (id: string | null) => string | null;
  /** The top one above a category, itself included. */
  readonly topOf: (id: string | null) => string | null;
  /** A category and all beneath it. */
  readonly within: (id: string | null) => ReadonlySet<string | null>;
  readonly childrenOf: (id: string) => readonly string[];
  readonly labelOf: (id: string | null) => CategoryLabel;
}

/** How a category is shown. */
export interface CategoryLabel {
  readonly categoryId: string | null;
  readonly name: string | null;
  readonly slot: number;
}

/** Makes the tree. A row that names itself above itself, by whatever way, is taken for a top. */
export function categoryTree({ categories }: Pick<Books, "categories">): CategoryTree {
  const children = new Map<string, string[]>();
  const parents = new Map<string, string | null>();
  for (const category of categories.values()) parents.set(category.id, parentIn(categories, category));
  for (const [id, parentId] of parents) if (parentId !== null) children.set(parentId, [...(children.get(parentId) ?? []), id]);
  const parentOf = (id: string | null) => (id === null ? null : (parents.get(id) ?? null));
  const within = (id: string | null): ReadonlySet<string | null> => {
    const found = new Set<string | null>([id]);
    for (const each of found) if (each !== null) for (const child of children.get(each) ?? []) found.add(child);
    return found;
  };
  return {
    parentOf,
    within,
    topOf(id) {
      let top = id;
      for (let above = parentOf(top); above !== null; above = parentOf(top)) top = above;
      return top;
    },
    childrenOf: (id) => children.get(id) ?? [],
    labelOf(categoryId) {
      const category = categoryId === null ? undefined : categories.get(categoryId);
      return { categoryId, name: category?.name ?? null, slot: category?.slot ?? 0 };
    },
  };
}

/** The parent of a category; null at the top, when there is no such parent, or when the way up comes back. */
function parentIn(categories: Books["categories"], { id, parentId }: Row<"category">): string | null {
  if (parentId === null || !categories.has(parentId)) return null;
  const met = new Set([id]);
  for (let above: string | null = parentId; above !== null; above = categories.get(above)?.parentId ?? null) {
    if (met.has(above)) return above === id ? null : parentId;
    met.add(above);
  }
  return parentId;
}

/** Ids in one order, null last. */
export function inOrder(ids: Iterable<string | null>): (string | null)[] {
  return [...ids].toSorted(compareNames);
}

/** Orders lines: most money first, then by name in byte order with the nameless last, then by id. */
export function byAmount<Line extends CategoryLabel>(amountOf: (line: Line) => number): (a: Line, b: Line) => number {
  return (a, b) => amountOf(b) - amountOf(a) || compareNames(a.name, b.name) || compareNames(a.categoryId, b.categoryId);
}

function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareBytewise(a, b);
}
