import type { ColumnRole } from "../model.ts";
import { readAmount } from "../values/amount.ts";
import type { Candidate } from "./candidates.ts";

/**
 * An amount with its sign beside a debit and a credit that repeat it: the sign says which way money went, while the pair may be seen from
 * the bank or from one's own books. So the pair is dropped, as an empty one is. A pair beside another thing, such as a price in another currency, is kept.
 */
export function dropPairBesideSigned(chosen: Map<number, Candidate>, said: Readonly<Record<number, ColumnRole>>, records: readonly (readonly string[])[]): void {
  const indexOf = (role: ColumnRole): number => [...chosen.values()].find((candidate) => candidate.role === role)?.index ?? -1;
  const at = { amount: indexOf("amount"), debit: indexOf("debit"), credit: indexOf("credit") };
  if (at.amount < 0 || at.debit < 0 || at.credit < 0 || Object.keys(said).length > 0) return;
  const size = (cells: readonly string[], index: number): number => Math.abs(amountOf(cells[index] ?? ""));
  const paired = records.filter((cells) => size(cells, at.debit) + size(cells, at.credit) !== 0);
  const alike = paired.filter((cells) => size(cells, at.amount) === size(cells, at.debit) + size(cells, at.credit)).length;
  const isSigned = records.some((cells) => amountOf(cells[at.amount] ?? "") < 0);
  if (paired.length === 0 || (isSigned && alike >= paired.length * 0.95)) {
    chosen.delete(at.debit);
    chosen.delete(at.credit);
  } else chosen.delete(at.amount);
}

function amountOf(cell: string): number {
  const reading = readAmount(cell, "unknown", "EUR");
  return reading.ok ? reading.amountMinor : 0;
}
