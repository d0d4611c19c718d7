import { importLimits } from "../limits.ts";
import type { Decision, OuterLineHandling, OuterLines } from "../model.ts";
import { readAmount } from "../values/amount.ts";
import { currencyOfMark } from "../values/currency.ts";
import { hasDateAndAmount } from "./header.ts";
import { isAmountLike, isDateLike } from "./profile.ts";
import type { LinedRecord } from "./record.ts";

const cents = /[.,]\d/;

type CellKind = "nothing" | "date" | "amount" | "account" | "currency" | "words";

/** What the first and the last line of a table without names say, where they are no rows. */
export interface OuterFindings {
  readonly outer: OuterLines;
  /** The lines that are left out. */
  readonly records: readonly LinedRecord[];
  /** The account they name; null where nothing proves that they are no payments. */
  readonly account: string | null;
  readonly openingMinor: number | null;
  readonly closingMinor: number | null;
}

/** Records at the end of a long file that are looked at beside the first ones. */
const tailRecords = 20;
/** Rows a line must differ from before it is doubted without proof. */
const unlikeRowsMin = 2;

/**
 * Looks whether the first or the last line of a table without names tells of the account: no words of a payment, and cells of a kind that
 * the rows never have in those places. The rows lead from one of its balances to the other, or the person is asked. `open` gives the rows again.
 */
export function findOuterLines(open: () => () => LinedRecord | undefined, answer: OuterLineHandling | undefined): OuterFindings | null {
  const { first, last, kinds, count } = lookThrough(open());
  const doubtful = [first, last].flatMap((record, at) => (record === undefined || (at === 1 && record.line === first?.line) ? [] : isUnlike(record.cells, kinds) ? [record] : []));
  if (doubtful.length === 0 || count === 0) return null;
  const told = subsetsOf(doubtful).flatMap((some) => balancesTold(some, sumsWithout(open(), some)) ?? []).at(0);
  const records = told?.records ?? (count >= unlikeRowsMin ? doubtful.filter(({ cells }) => wordsIn(cells) === 0) : []);
  if (records.length === 0) return null;
  const handling = decideHandling(told !== undefined, records, answer);
  const isLeft = handling.value === "leave" && handling.confidence >= 0.9;
  return {
    outer: { lines: records.map(({ line }) => line), handling },
    records: handling.value === "leave" ? records : [],
    account: isLeft ? accountIn(records) : null,
    openingMinor: isLeft ? (told?.openingMinor ?? null) : null,
    closingMinor: isLeft ? (told?.closingMinor ?? null) : null,
  };
}

/** One line alone is believed before both together. */
function subsetsOf(records: readonly LinedRecord[]): readonly (readonly LinedRecord[])[] {
  return [...records.map((record) => [record]), ...(records.length > 1 ? [records] : [])];
}

function decideHandling(isProven: boolean, records: readonly LinedRecord[], answer: OuterLineHandling | undefined): Decision<OuterLineHandling> {
  if (answer !== undefined) return { value: answer, confidence: 1, reason: { code: "you_said", params: {} } };
  if (isProven) return { value: "leave", confidence: 0.97, reason: { code: "outer_proven", params: {} } };
  return { value: "leave", confidence: 0.5, reason: { code: "outer_unlike", params: { line: records.map(({ line }) => line).join(", ") } } };
}

/** The first and last lines like rows, and the kinds of cells all others have, column by column. */
function lookThrough(next: () => LinedRecord | undefined): { first: LinedRecord | undefined; last: LinedRecord | undefined; kinds: readonly ReadonlySet<CellKind>[]; count: number } {
  const kinds: Set<CellKind>[] = [];
  let [first, last]: (LinedRecord | undefined)[] = [];
  let count = 0;
  const take = (record: LinedRecord): void => {
    if (!hasDateAndAmount(record.cells)) return;
    if (first === undefined) {
      first = record;
      return;
    }
    if (last !== undefined) {
      addKinds(kinds, last.cells);
      count += 1;
    }
    last = record;
  };
  const tail: LinedRecord[] = [];
  let seen = 0;
  for (let record = next(); record !== undefined; record = next()) {
    if (seen < importLimits.profileRecordsMax) take(record);
    else tail[seen % tailRecords] = record;
    seen += 1;
  }
  for (const record of tail.toSorted((a, b) => a.line - b.line)) take(record);
  return { first, last, kinds, count };
}

function addKinds(kinds: Set<CellKind>[], cells: readonly string[]): void {
  for (let at = 0; at < Math.max(kinds.length, cells.length); at += 1) {
    const kind = kindOf(cells[at] ?? "");
    const known = kinds[at];
    if (known === undefined) kinds[at] = new Set([kind]);
    else known.add(kind);
  }
}

function kindOf(raw: string): CellKind {
  const cell = raw.trim();
  if (cell === "") return "nothing";
  if (isDateLike(cell)) return "date";
  if (isAmountLike(cell) && !/^'?(?:0\d+|\d{7,})$/.test(cell)) return "amount";
  if (isAccountNumber(cell)) return "account";
  return /^[A-Z]{3}$/.test(cell) && currencyOfMark(cell) !== undefined ? "currency" : "words";
}

/** Eight digits or more, with the letters, stars and marks that account and card numbers have. */
function isAccountNumber(cell: string): boolean {
  if (cell.length > 40 || !/^'?[A-Z]{0,2}[\dA-Z*xX•.\-/ ]+$/.test(cell)) return false;
  const digits = cell.replace(/\D/g, "").length;
  return digits >= 8 && digits >= cell.replace(/[^\p{L}]/gu, "").length * 2;
}

/** No words but an owner's, and in two places a kind that rows never have there, one of them where they have words. */
function isUnlike(cells: readonly string[], kinds: readonly ReadonlySet<CellKind>[]): boolean {
  const own = kinds.map((_, at) => kindOf(cells[at] ?? ""));
  const strange = own.flatMap((kind, at) => (kinds[at]?.has(kind) === false ? [at] : []));
  const lacksWords = strange.some((at) => own[at] !== "words" && kinds[at]?.has("words") === true);
  return strange.length >= 2 && lacksWords && wordsIn(cells) <= 1;
}

function wordsIn(cells: readonly string[]): number {
  return cells.filter((cell) => kindOf(cell) === "words").length;
}

/** What the rows add up to in each column of amounts; a debit and a credit column come as their difference. */
function sumsWithout(next: () => LinedRecord | undefined, left: readonly LinedRecord[]): ReadonlySet<number> {
  const lines = new Set(left.map(({ line }) => line));
  const columns = new Map<number, { sum: number; filled: number; isNumber: boolean; hasCents: boolean }>();
  let rows = 0;
  for (let record = next(); record !== undefined; record = next()) {
    if (lines.has(record.line) || !hasDateAndAmount(record.cells)) continue;
    rows += 1;
    record.cells.forEach((cell, at) => {
      if (cell.trim() === "") return;
      let column = columns.get(at);
      if (column === undefined) columns.set(at, (column = { sum: 0, filled: 0, isNumber: true, hasCents: false }));
      const amount = column.isNumber ? minorOf(cell) : undefined;
      if (amount === undefined) column.isNumber = false;
      column.sum += amount ?? 0;
      column.filled += 1;
      column.hasCents ||= cents.test(cell);
    });
  }
  const money = [...columns.values()].filter(({ isNumber, hasCents }) => isNumber && hasCents);
  const whole = money.filter(({ filled }) => filled === rows).map(({ sum }) => sum);
  const partial = money.filter(({ filled }) => filled < rows);
  const differences = partial.flatMap((one) => partial.filter((other) => other !== one && one.filled + other.filled === rows).map((other) => one.sum - other.sum));
  return new Set([...whole, ...differences].filter((sum) => sum !== 0));
}

interface BalancesTold {
  readonly records: readonly LinedRecord[];
  readonly openingMinor: number;
  readonly closingMinor: number;
}

/** Two amounts of the lines between which the sum of the rows lies. */
function balancesTold(records: readonly LinedRecord[], sums: ReadonlySet<number>): BalancesTold | undefined {
  const amounts = records.flatMap((record) => record.cells.flatMap((cell) => {
    const amount = kindOf(cell) === "amount" ? minorOf(cell) : undefined;
    return amount === undefined ? [] : [{ record, amount, hasCents: cents.test(cell) }];
  }));
  for (const opening of amounts) {
    for (const closing of amounts) {
      if (opening === closing || (records.length > 1 && opening.record === closing.record) || !(opening.hasCents || closing.hasCents) || !sums.has(closing.amount - opening.amount)) continue;
      return { records: [...new Set([opening.record, closing.record])], openingMinor: opening.amount, closingMinor: closing.amount };
    }
  }
  return undefined;
}

/** Minor units as evidence alone: the style is told by the cell itself, and two digits stand for every currency. */
function minorOf(cell: string): number | undefined {
  const reading = readAmount(cell, "unknown", "EUR");
  return reading.ok ? reading.amountMinor : undefined;
}

function accountIn(records: readonly LinedRecord[]): string | null {
  const cell = records.flatMap(({ cells }) => cells).find((text) => kindOf(text) === "account");
  return cell?.trim().replace(/^'/, "").replace(/\s+/g, "") ?? null;
}
