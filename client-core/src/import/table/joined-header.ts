import { isKnownHeader, rolesByName } from "./aliases.ts";
import { isAmountLike, isDateLike } from "./profile.ts";

/** The names of a header of two lines, or `undefined` when the second line is none of it. */
export function joinedNames(top: readonly string[], below: readonly string[]): string[] | undefined {
  const filled = below.filter((cell) => cell.trim() !== "");
  if (filled.length === 0 || filled.some((cell) => isDateLike(cell.trim()) || isAmountLike(cell.trim()))) return undefined;
  const heads = spanOfHeads(top, below.length);
  const isJoined = partsHeads(top, below, heads) || fillsGaps(top, below);
  return isJoined ? heads.map((head, index) => joined((top[index] ?? "") || head || headOfSides(top, below, index), below[index] ?? "")) : undefined;
}

/** What stands over debit and credit side by side: the account of each, say, under one merged cell. */
function headOfSides(top: readonly string[], below: readonly string[], index: number): string {
  return isSide(below[index] ?? "") && isSide(below[index - 1] ?? "") ? (top[index - 1] ?? "") : "";
}

function joined(...parts: readonly string[]): string {
  return parts.map((part) => part.trim()).filter((part) => part !== "").join(" ");
}

/** A second line of names under a merged cell: it fills places the first leaves empty and holds no values. */
function fillsGaps(top: readonly string[], below: readonly string[]): boolean {
  const filled = below.filter((cell) => cell.trim() !== "");
  const known = filled.filter(isKnownHeader).length;
  const fills = below.some((cell, index) => cell.trim() !== "" && (top[index] ?? "").trim() === "");
  const same = below.every((cell, index) => cell.trim() === (top[index] ?? "").trim());
  return !same && fills && known >= 1 && known >= filled.length * 0.5 && filled.length < top.length;
}

/** Debit and credit each parted into account and amount, as accounting programs print a card of an account: names stand under those heads alone. */
function partsHeads(top: readonly string[], below: readonly string[], heads: readonly string[]): boolean {
  const under = below.flatMap((cell, index) => (cell.trim() === "" ? [] : [heads[index] ?? ""]));
  return under.length >= 2 && under.every((head) => isSide(head)) && top.some((cell, index) => isSide(cell) && (top[index + 1] ?? "").trim() === "" && heads[index + 1] === cell);
}

/** For each column the merged cell of debit, credit or balance that stands over it; empty for the columns of other cells. */
function spanOfHeads(top: readonly string[], width: number): string[] {
  let head = "";
  return Array.from({ length: Math.max(top.length, width) }, (_, index) => {
    const own = top[index] ?? "";
    if (own.trim() !== "") head = isSide(own) || rolesByName(own).has("balance") ? own : "";
    return head;
  });
}

function isSide(name: string): boolean {
  const roles = rolesByName(name);
  return roles.has("debit") || roles.has("credit");
}
