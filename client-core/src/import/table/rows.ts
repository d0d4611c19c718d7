import type { RefusalCode, SkipCode, UnderstoodTable } from "../model.ts";
import type { RowSink } from "../sink.ts";
import { readAmount } from "../values/amount.ts";
import { createDateText, dateRefusal, readDate } from "../values/date.ts";
import { isBalanceText, isNotCompleted, isTotalText } from "../values/direction.ts";
import { isPromise } from "../values/document-type.ts";
import { unguardCell } from "../values/formula-guard.ts";
import { partyOf, type Party } from "../values/party.ts";
import { uncalculated, trimmed } from "../values/words.ts";
import { createAmountReader, createBalanceReader } from "./amounts.ts";
import { createCache, createIntern } from "./texts.ts";

const moneyOrDate = /\d[.,]\d{2}(?!\d)|\d[./-]\d{1,2}[./-]\d{2}/;
const summaryHint = /balan|остат|saldo|solde|tota|итог|всего|оборот|bestand|summe|kontostand|atlikum|likutis|apyvarta|apgroz|k[aä]ive/i;
const strictTotal = /^(?:(?:grand|sub)?[\s-]*totals?|итого(?: за .*)?|всего|zwischensumme|summe|gesamt(?:summe)?|somme|totale|razem|k[aä]ive|apyvarta|apgrozījums)\s*:?$/i;

/**
 * Makes the function that reads one record by what was understood; it keeps caches, so make one for each file. Rows bring the cells of
 * `cellsOf`, columns by index.
 */
export function createRowReader(understanding: UnderstoodTable, cellsOf: readonly number[] = []): (cells: readonly string[], line: number, sink: RowSink) => void {
  const columns = understanding.columns;
  const first = (role: string): number => columns.find((column) => column.role === role)?.index ?? -1;
  const descriptionIndexes = columns.filter((column) => column.role === "description").map((column) => column.index);
  const at = {
    date: first("date"), status: first("status"), counterparty: first("counterparty"), payer: first("payer"), payee: first("payee"),
    account: first("account"), category: first("category"), partyAccount: first("partyAccount"), partyTaxId: first("partyTaxId"),
  };
  const parties = { in: partyColumns(at, "in"), out: partyColumns(at, "out") };
  const order = understanding.dateOrder.value;
  const names = columns.map((column) => column.name);
  const dateText = createDateText();
  const readSigned = createAmountReader(understanding);
  const readBalance = createBalanceReader(understanding);
  const intern = createIntern();
  const skippedStatus = createCache((cell): SkipCode | undefined => (isNotCompleted(cell) ? "not_completed" : isPromise(cell) ? "no_money_yet" : undefined));
  const textAt = (cells: readonly string[], index: number): string | null => {
    const raw = cells[index];
    if (raw === undefined || raw === "") return null;
    const text = trimmed(raw);
    return text === "" || text === "#N/A" ? null : unguardCell(text);
  };
  const shared = (cells: readonly string[], index: number): string | null => {
    const text = textAt(cells, index);
    return text === null ? null : intern(text);
  };
  const party = (cells: readonly string[], places: readonly number[]): Party => {
    for (const index of places) {
      const text = textAt(cells, index);
      if (text === null) continue;
      const { name, account, taxId } = partyOf(text);
      return { name: name === null ? null : intern(name), account, taxId };
    }
    return nobody;
  };
  const numberAt = (cells: readonly string[], index: number): string | null => textAt(cells, index)?.replace(/^'/, "") ?? null;
  const describe = (cells: readonly string[]): string => {
    if (descriptionIndexes.length === 1) return textAt(cells, descriptionIndexes[0] ?? -1) ?? "";
    let text = "";
    for (const index of descriptionIndexes) {
      const part = textAt(cells, index);
      if (part !== null) text = text === "" ? part : `${text} ${part}`;
    }
    return text;
  };
  const amountIndexes = columns.filter(({ role }) => role === "amount" || role === "debit" || role === "credit").map(({ index }) => index);
  /** Words where a date should be, and no amount: a heading among the rows. */
  const isRemark = (cells: readonly string[], code: RefusalCode): boolean =>
    code === "date_unreadable" && !/\d/.test(cells[at.date] ?? "") && amountIndexes.every((index) => trimmed(cells[index] ?? "") === "") && !cells.some((cell) => moneyOrDate.test(cell));
  const refuse = (cells: readonly string[], line: number, sink: RowSink, code: RefusalCode, column: number): void => {
    const skip = whyNoTransaction(cells, names, at.date, code) ?? (isRemark(cells, code) ? "note" : undefined);
    if (skip === "blank") sink.blankLines += 1;
    else if (skip !== undefined) sink.skipped.push({ line, reasonCode: skip });
    else {
      const isShort = cells.length < names.length && cells.length <= Math.max(column, at.date) + 1;
      const isUncalculated = cells[column] === uncalculated;
      sink.refused.push({ line, reasonCode: isShort ? "too_few_cells" : isUncalculated ? "formula_without_result" : code, column: columnName(names, column) });
    }
  };

  return (cells, line, sink) => {
    const skipped = at.status < 0 ? undefined : skippedStatus(cells[at.status] ?? "");
    if (skipped !== undefined) {
      sink.skipped.push({ line, reasonCode: skipped });
      return undefined;
    }
    const packed = readDate(cells[at.date] ?? "", order);
    if (packed < 0) return refuse(cells, line, sink, dateRefusal(packed), at.date);
    const signed = readSigned(cells);
    if ("refused" in signed) return refuse(cells, line, sink, signed.refused, signed.column);
    const description = describe(cells);
    const other = party(cells, signed.amountMinor < 0 ? parties.out : parties.in);
    const counterparty = other.name;
    const summary = summaryKind(description === "" ? (counterparty ?? "") : description);
    if (summary !== undefined) {
      sink.skipped.push({ line, reasonCode: summary });
      return undefined;
    }
    sink.rows.push({
      line,
      postedOn: dateText(packed),
      amountMinor: signed.amountMinor,
      currency: signed.currency,
      description: description.includes("\n") || description.includes("\r") ? description.replace(/\s*[\r\n]+\s*/g, " ") : description,
      counterparty,
      account: ownAccount(shared(cells, at.account)) ?? understanding.account,
      category: shared(cells, at.category),
      bankId: null,
      counterpartyAccount: numberAt(cells, at.partyAccount) ?? other.account,
      counterpartyTaxId: numberAt(cells, at.partyTaxId) ?? other.taxId,
      kind: null,
      statement: 0,
      balanceMinor: readBalance(cells, signed.currency),
      ...(cellsOf.length === 0 ? {} : { cells: cellsOf.map((index) => intern(trimmed(cells[index] ?? ""))) }),
      parts: null,
    });
    return undefined;
  };
}

const nobody: Party = { name: null, account: null, taxId: null };

/** Where the other side of a row stands: a payer alone says who sent what came in, a payee alone is named both ways. */
function partyColumns({ counterparty, payer, payee }: { readonly counterparty: number; readonly payer: number; readonly payee: number }, flow: "in" | "out"): readonly number[] {
  const bySide = flow === "out" ? [payee] : payer >= 0 ? [payer] : [payee];
  return [counterparty, ...bySide].filter((index) => index >= 0);
}

/** Numbers behind the apostrophe that keeps spreadsheets from rounding them. */
function ownAccount(account: string | null): string | null {
  return account !== null && /^'[\d*xX]/.test(account) ? account.slice(1) : account;
}

function columnName(names: readonly string[], index: number): string {
  const name = names[index] ?? "";
  return name === "" ? `#${index + 1}` : name;
}

/** A line of totals or balances that carries a date and an amount like a transaction. */
function summaryKind(text: string): SkipCode | undefined {
  if (text.length > 60 || !summaryHint.test(text)) return undefined;
  if (strictTotal.test(text)) return "total";
  return isBalanceText(text) && /^\S+(?:\s+\S+){0,4}$/.test(text) && !/transfer|перевод|adjust|due/i.test(text) ? "balance_line" : undefined;
}

/** Why a record that could not be read is no transaction at all, or `undefined` when it should have been one. */
function whyNoTransaction(cells: readonly string[], names: readonly string[], dateIndex: number, code: RefusalCode): SkipCode | "blank" | undefined {
  const filled = cells.filter((cell) => trimmed(cell) !== "");
  if (filled.length === 0) return "blank";
  if (filled.every((cell) => /^[\s\-=_*~.+|]+$/.test(cell))) return "note";
  const same = names.filter((name, index) => name !== "" && name === trimmed(cells[index] ?? "")).length;
  if (same >= 2 && same >= filled.length * 0.6) return "repeated_header";
  if (filled.length >= 3 && cells.every((cell, index) => trimmed(cell) === String(index + 1) || trimmed(cell) === "")) return "column_numbers";
  const dateFilled = trimmed(cells[dateIndex] ?? "") !== "";
  const dateHasDigits = /\d/.test(cells[dateIndex] ?? "");
  const firstTwo = filled.slice(0, 2);
  if (code.startsWith("date_") && firstTwo.some(isTotalText)) return "total";
  if ((code.startsWith("date_") || code === "amount_missing") && filled.slice(0, 4).some((cell) => cell.length <= 60 && isBalanceText(cell))) return "balance_line";
  if (code === "date_missing" && filled.length <= Math.max(1, names.length * 0.34) && !filled.some(hasAmountShape)) return "note";
  if (code === "date_unreadable" && dateFilled && !dateHasDigits && filled.length === 1) return "note";
  return filled.length === 1 && !dateHasDigits && !filled.some(hasAmountShape) ? "note" : undefined;
}

function hasAmountShape(cell: string): boolean {
  return readAmount(cell, "unknown", "EUR").ok;
}
