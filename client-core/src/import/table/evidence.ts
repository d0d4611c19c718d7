import { importLimits } from "../limits.ts";
import type { ColumnRole, DecimalStyle, UnderstoodColumn } from "../model.ts";
import { decimalEvidence, quickMinor, readAmount } from "../values/amount.ts";
import { currencyOfMark } from "../values/currency.ts";
import { numericParts, orderedDate, readDate } from "../values/date.ts";
import { directionByWords, directionOf, isBalanceText, isPurchaseWord, isReturnWord, isTotalText, thanksForPayment, type Direction } from "../values/direction.ts";

/** How one order of the date parts fares over the file. */
export interface OrderTally {
  /** Dates this order cannot be, though another can: a month above 12. */
  contradictions: number;
  /** Steps forward and back in time between neighbouring different dates. */
  forward: number;
  back: number;
  previous: number;
  earliest: number;
  latest: number;
}

type ChainLink = { amount: number; debit: number; credit: number; balance: number; fee: number; direction: Direction | undefined };
const gap: ChainLink = { amount: 0, debit: 0, credit: 0, balance: Number.NaN, fee: 0, direction: undefined };

/** What the cells of the chosen columns say about date order, decimal marks, signs, balances and currency. */
export interface Evidence {
  readonly numericDates: { count: number; sameParts: number; withPoints: number; shortYears: number };
  readonly selfEvidentDates: { count: number };
  readonly serialDates: { count: number };
  readonly orders: Readonly<Record<"DMY" | "MDY" | "YMD", OrderTally>>;
  readonly decimals: Map<number, { points: number; commas: number; either: number }>;
  readonly signs: { positive: number; negative: number; debitPositive: number; debitNegative: number; creditPositive: number; creditNegative: number; agrees: number; disagrees: number; fees: number; thanksPositive: number; thanksNegative: number; purchasePositive: number; purchaseNegative: number; returnPositive: number; pairAsBank: number; pairAsBooks: number };
  readonly currencies: Map<string, number>;
  readonly marks: Map<string, number>;
  /**
   * Amount (unsigned by direction), debit, credit, balance and direction of the first records, for comparing with balances: those of each account
   * and currency behind each other, with a gap between.
   */
  readonly chain: ChainLink[];
  records: number;
}

/** The columns evidence is gathered from, by role; −1 when there is none. */
export interface RoleIndexes {
  readonly first: (role: ColumnRole) => number;
}

/** Looks up the first column of a role. */
export function roleIndexes(columns: readonly UnderstoodColumn[]): RoleIndexes {
  return { first: (role) => columns.find((column) => column.role === role)?.index ?? -1 };
}

const amountRoles = ["amount", "debit", "credit", "balance", "fee"] as const;

function newTally(): OrderTally {
  return { contradictions: 0, forward: 0, back: 0, previous: 0, earliest: 0, latest: 0 };
}

/** Walks records until every style is settled (after a minimum) or the records end. */
export function gatherEvidence(next: () => readonly string[] | undefined, columns: readonly UnderstoodColumn[]): Evidence {
  const evidence: Evidence = {
    numericDates: { count: 0, sameParts: 0, withPoints: 0, shortYears: 0 },
    selfEvidentDates: { count: 0 },
    serialDates: { count: 0 },
    orders: { DMY: newTally(), MDY: newTally(), YMD: newTally() },
    decimals: new Map(),
    signs: { positive: 0, negative: 0, debitPositive: 0, debitNegative: 0, creditPositive: 0, creditNegative: 0, agrees: 0, disagrees: 0, fees: 0, thanksPositive: 0, thanksNegative: 0, purchasePositive: 0, purchaseNegative: 0, returnPositive: 0, pairAsBank: 0, pairAsBooks: 0 },
    currencies: new Map(),
    marks: new Map(),
    chain: [],
    records: 0,
  };
  const { first } = roleIndexes(columns);
  const indexes = { date: first("date"), currency: first("currency"), direction: first("direction"), amount: first("amount"), debit: first("debit"), credit: first("credit"), balance: first("balance"), fee: first("fee"), description: first("description"), account: first("account") };
  const chains = new Map<string, ChainLink[]>();
  let links = 0;
  for (let cells = next(); cells !== undefined; cells = next()) {
    const date = (cells[indexes.date] ?? "").trim();
    if (date === "" || !/\d/.test(date) || cells.some((cell) => cell.length < 40 && isSummary(cell))) continue;
    evidence.records += 1;
    addDate(evidence, date);
    for (const role of amountRoles) if (indexes[role] >= 0) addDecimal(evidence, indexes[role], cells[indexes[role]] ?? "");
    const link = addSigns(evidence, cells, indexes);
    if (indexes.balance >= 0 && links < importLimits.balanceRecordsMax) {
      const key = `${cells[indexes.account] ?? ""}\n${cells[indexes.currency] ?? ""}`;
      const chain = chains.get(key) ?? [];
      chains.set(key, chain);
      chain.push(link);
      links += 1;
    }
    if (evidence.records >= importLimits.evidenceRecordsMin && isSettled(evidence)) break;
  }
  for (const chain of chains.values()) evidence.chain.push(...chain, gap);
  return evidence;
}

function isSummary(cell: string): boolean {
  return /tota|итог|всего|balan|остат|saldo|summ?e|оборот/i.test(cell) && (isTotalText(cell) || isBalanceText(cell));
}

function addDate(evidence: Evidence, cell: string): void {
  if (cell.length === 10 && cell.charCodeAt(4) === 45 && readDate(cell, "YMD") > 0) {
    evidence.selfEvidentDates.count += 1;
    return;
  }
  const parts = numericParts(cell);
  if (parts === undefined || parts.firstDigits === 4) {
    if (/^\d{5}(?:[.,]\d+)?$/.test(cell)) evidence.serialDates.count += 1;
    else if (readDate(cell, "DMY") > 0) evidence.selfEvidentDates.count += 1;
    return;
  }
  const { numericDates } = evidence;
  numericDates.count += 1;
  if (parts.separator === ".") numericDates.withPoints += 1;
  if (parts.thirdDigits === 2) numericDates.shortYears += 1;
  if (parts.first === parts.second && parts.thirdDigits === 4) numericDates.sameParts += 1;
  for (const order of ["DMY", "MDY", "YMD"] as const) {
    const tally = evidence.orders[order];
    const packed = orderedDate(parts, order);
    if (packed <= 0) {
      if ((["DMY", "MDY", "YMD"] as const).some((other) => other !== order && orderedDate(parts, other) > 0)) tally.contradictions += 1;
      continue;
    }
    if (tally.previous !== 0 && packed !== tally.previous) {
      if (packed > tally.previous) tally.forward += 1;
      else tally.back += 1;
    }
    tally.previous = packed;
    tally.earliest = tally.earliest === 0 ? packed : Math.min(tally.earliest, packed);
    tally.latest = Math.max(tally.latest, packed);
  }
}

function addDecimal(evidence: Evidence, index: number, cell: string): void {
  const isPlain = !Number.isNaN(quickMinor(cell, 46, 2));
  const said = isPlain ? (cell.includes(".") ? "." : "none") : decimalEvidence(cell);
  if (said !== "." && said !== "," && said !== "either") return;
  const tally = evidence.decimals.get(index) ?? { points: 0, commas: 0, either: 0 };
  if (said === ".") tally.points += 1;
  else if (said === ",") tally.commas += 1;
  else tally.either += 1;
  evidence.decimals.set(index, tally);
}

function addSigns(evidence: Evidence, cells: readonly string[], indexes: Readonly<Record<"amount" | "debit" | "credit" | "balance" | "fee" | "direction" | "currency" | "description", number>>): ChainLink {
  const read = (index: number): number => {
    if (index < 0) return 0;
    const quick = quickMinor(cells[index] ?? "", 46, 2);
    if (!Number.isNaN(quick)) return quick;
    const reading = readAmount(cells[index] ?? "", columnStyle(evidence.decimals.get(index)), "EUR");
    if (!reading.ok) return index === indexes.balance ? Number.NaN : 0;
    if (reading.currency !== null && index !== indexes.balance) count(evidence.marks, reading.currency);
    return reading.direction === "out" ? -Math.abs(reading.amountMinor) : reading.amountMinor;
  };
  const { signs } = evidence;
  const amount = read(indexes.amount);
  const debit = read(indexes.debit);
  const fee = read(indexes.fee);
  if (fee !== 0) signs.fees += 1;
  const direction = indexes.direction < 0 ? undefined : directionOf(cells[indexes.direction] ?? "");
  if (amount > 0) signs.positive += 1;
  if (amount < 0) signs.negative += 1;
  if (amount !== 0 && thanksForPayment(cells[indexes.description] ?? "")) signs[amount > 0 ? "thanksPositive" : "thanksNegative"] += 1;
  if (amount !== 0 && cells.some(isPurchaseWord)) signs[amount > 0 ? "purchasePositive" : "purchaseNegative"] += 1;
  if (amount > 0 && cells.some(isReturnWord)) signs.returnPositive += 1;
  if (debit !== 0) signs[debit > 0 ? "debitPositive" : "debitNegative"] += 1;
  const credit = read(indexes.credit);
  if (credit !== 0) signs[credit > 0 ? "creditPositive" : "creditNegative"] += 1;
  if ((debit > 0) !== (credit > 0)) {
    const said = directionByWords(cells.filter((_, index) => index !== indexes.debit && index !== indexes.credit).join(" "));
    if (said !== undefined) signs[said === (debit > 0 ? "out" : "in") ? "pairAsBank" : "pairAsBooks"] += 1;
  }
  if (amount !== 0 && direction !== undefined && direction !== "neutral") {
    if (amount < 0 === (direction === "out")) signs.agrees += 1;
    else signs.disagrees += 1;
  }
  if (indexes.currency >= 0) {
    const currency = currencyOfMark((cells[indexes.currency] ?? "").trim());
    if (currency !== undefined) count(evidence.currencies, currency);
  }
  return { amount, debit, credit, balance: indexes.balance < 0 ? Number.NaN : read(indexes.balance), fee, direction };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The decimal style a column's tally amounts to. */
export function columnStyle(tally: { points: number; commas: number; either: number } | undefined): DecimalStyle {
  if (tally === undefined || tally.points + tally.commas === 0) return "unknown";
  if (tally.points > 0 && tally.commas > 0) return "mixed";
  return tally.points > 0 ? "." : ",";
}

/** True when more records could hardly change what is known. */
function isSettled(evidence: Evidence): boolean {
  const { numericDates, orders, signs } = evidence;
  const dateSettled =
    numericDates.count === 0 || numericDates.withPoints === numericDates.count || orders.DMY.contradictions > 0 || orders.MDY.contradictions > 0;
  const signSettled = signs.negative > 0 || signs.debitPositive + signs.debitNegative > 0 || signs.agrees > 0;
  const decimalSettled = [...evidence.decimals.values()].every((tally) => tally.either === 0 || tally.points + tally.commas > 0);
  return dateSettled && signSettled && decimalSettled;
}
