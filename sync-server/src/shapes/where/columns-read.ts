import type { EqualityKey } from "./equality.ts";
import type { BoundWhere, Term } from "./term.ts";

/** Thousands of shapes decide by the same columns, and share the set of them. */
const known = new Map<string, ReadonlySet<number>>();
const knownMax = 1_000;

/** Indexes of the columns whose texts deciding by a clause takes: those its term names, and those of its equalities. */
export function columnsRead(where: BoundWhere | undefined, equality: readonly EqualityKey[] | undefined): ReadonlySet<number> {
  const found = new Set((equality ?? []).map(({ index }) => index));
  const add = (term: Term): void => {
    if (term.kind === "column") found.add(term.index);
    if (term.kind === "call") for (const part of [...term.args, ...term.support]) add(part);
  };
  if (where !== undefined) add(where.term);
  const name = [...found].toSorted((a, b) => a - b).join();
  const columns = known.get(name) ?? found;
  if (known.size < knownMax) known.set(name, columns);
  return columns;
}
