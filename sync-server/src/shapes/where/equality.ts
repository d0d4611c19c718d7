import type { Table } from "../catalog/table.ts";
import { equalityOf } from "./compile.ts";
import type { BoundWhere, Term } from "./term.ts";

/** Rows can only match when the column's text is one of these values. */
export interface EqualityKey {
  readonly index: number;
  readonly values: readonly string[];
}

const valuesMax = 10_000;
/** Values of these types are shared by many rows, so that looking up by another column is better. */
const coarse: ReadonlySet<string> = new Set(["bool", "enum"]);

/**
 * Finds equalities of which every matching row must meet at least one, for look-up by value; `undefined` when there are none.
 * An AND takes the most selective of its operands', an OR all of them when every operand has some.
 */
export function equalityKeys(bound: BoundWhere, texts: readonly (string | null)[], table: Table): readonly EqualityKey[] | undefined {
  const cost = (keys: readonly EqualityKey[]): number =>
    keys.reduce((sum, { index, values }) => {
      const column = table.columns[index];
      return sum + values.length * (column?.typeKind === "enum" || coarse.has(column?.typeName ?? "") ? 1_000 : column !== undefined && column.pkIndex >= 0 ? 1 : 2);
    }, 0);
  const find = (term: Term): readonly EqualityKey[] | undefined => {
    if (term.kind === "constant") return texts[term.slot] === "t" ? undefined : [];
    if (term.kind !== "call") return undefined;
    const { logic } = term.operation;
    if (logic === "and") {
      const found = term.args.flatMap((arg) => [find(arg)].filter((keys) => keys !== undefined));
      return found.reduce<readonly EqualityKey[] | undefined>((best, keys) => (best === undefined || cost(keys) < cost(best) ? keys : best), undefined);
    }
    if (logic === "or") {
      const found = term.args.map(find);
      return found.includes(undefined) ? undefined : merge(found.flatMap((keys) => keys ?? []));
    }
    const equality = equalityOf(term, texts, table);
    return equality === undefined || equality.values.size > valuesMax ? undefined : [{ index: equality.index, values: [...equality.values] }];
  };
  return find(bound.term);
}

/** One entry for each column. */
function merge(keys: readonly EqualityKey[]): readonly EqualityKey[] {
  const byColumn = new Map<number, Set<string>>();
  for (const { index, values } of keys) {
    const known = byColumn.get(index) ?? new Set<string>();
    for (const value of values) known.add(value);
    byColumn.set(index, known);
  }
  return [...byColumn].map(([index, values]) => ({ index, values: [...values] }));
}
