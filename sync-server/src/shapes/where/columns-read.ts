import type { EqualityKey } from "./equality.ts";
import type { BoundWhere, Term } from "./term.ts";

/** Indexes of the columns whose texts deciding by a clause takes: those its term names, and those of its equalities. */
export function columnsRead(where: BoundWhere | undefined, equality: readonly EqualityKey[] | undefined): ReadonlySet<number> {
  const found = new Set((equality ?? []).map(({ index }) => index));
  const add = (term: Term): void => {
    if (term.kind === "column") found.add(term.index);
    if (term.kind === "call") for (const part of [...term.args, ...term.support]) add(part);
  };
  if (where !== undefined) add(where.term);
  return found;
}
