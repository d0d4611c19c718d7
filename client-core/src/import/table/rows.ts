import { currencyExponent, minor, type Minor } from "@saldo/schema";
import type { RefusalCode, SkipCode, UnderstoodTable } from "../model.ts";
import type { RowSink } from "../sink.ts";
import { quickMinor, readAmount, type AmountReading } from "../values/amount.ts";
import { currencyOfMark } from "../values/currency.ts";
import { createDateText, dateRefusal, readDate } from "../values/date.ts";
import { directionOf, isBalanceText, isNotCompleted, isTotalText, type Direction } from "../values/direction.ts";
import { isPromise } from "../values/document-type.ts";
import { unguardCell } from "../values/formula-guard.ts";
import { uncalculated, trimmed } from "../values/words.ts";

/** Amounts and problems of one record, before its text is read. */
type Signed = { readonly amountMinor: Minor; readonly currency: string } | { readonly refused: RefusalCode; readonly column: number };

const internedMax = 10_000;
const summaryHint = /balan|остат|saldo|solde|tota|итог|всего|оборот|bestand|summe|kontostand/i;
const strictTotal = /^(?:(?:grand|sub)?[\s-]*totals?|итого(?: за .*)?|всего|zwischensumme|summe|gesamt(?:summe)?|somme|totale|razem)\s*:?$/i;

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
    account: first("account"), category: first("category"),
  };
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
  // Accounting programs write the contract on the lines below the name.
  const name = (cells: readonly string[], index: number): string | null => {
    const text = textAt(cells, index);
    return text === null ? null : intern(text.split(/[\r\n]/, 1)[0]?.trimEnd() ?? text);
  };
  const describe = (cells: readonly string[]): string => {
    if (descriptionIndexes.length === 1) return textAt(cells, descriptionIndexes[0] ?? -1) ?? "";
    let text = "";
    for (const index of descriptionIndexes) {
      const part = textAt(cells, index);
      if (part !== null) text = text === "" ? part : `${text} ${part}`;
    }
    return text;
  };
  const refuse = (cells: readonly string[], line: number, sink: RowSink, code: RefusalCode, column: number): void => {
    const skip = whyNoTransaction(cells, names, at.date, code);
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
    const counterparty = name(cells, at.counterparty) ?? name(cells, signed.amountMinor < 0 ? (at.payee >= 0 ? at.payee : at.payer) : at.payer >= 0 ? at.payer : at.payee);
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
      account: shared(cells, at.account) ?? understanding.account,
      category: shared(cells, at.category),
      bankId: null,
      counterpartyAccount: null,
      counterpartyTaxId: null,
      kind: null,
      statement: 0,
      balanceMinor: readBalance(cells, signed.currency),
      ...(cellsOf.length === 0 ? {} : { cells: cellsOf.map((index) => intern(trimmed(cells[index] ?? ""))) }),
      parts: null,
    });
    return undefined;
  };
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

/** Reads amount and currency of a record under the file's sign convention. */
function createAmountReader(understanding: UnderstoodTable): (cells: readonly string[]) => Signed {
  const first = (role: string): number => understanding.columns.find((column) => column.role === role)?.index ?? -1;
  const at = { amount: first("amount"), debit: first("debit"), credit: first("credit"), direction: first("direction"), currency: first("currency") };
  const fileCurrency = understanding.currency.value;
  const sign = understanding.sign.value;
  const byPair = sign === "debit_credit" || sign === "debit_credit_inverted" || sign === "debit_credit_signed";
  const currencyOf = createCache((text: string) => currencyOfMark(trimmed(text)));
  const flowOf = createCache(directionOf);
  const decimalCode = (index: number): number => {
    const style = understanding.decimals[index] ?? "unknown";
    return style === "," ? 44 : style === "mixed" ? -1 : 46;
  };
  const codes = { amount: decimalCode(at.amount), debit: decimalCode(at.debit), credit: decimalCode(at.credit) };
  const rowCurrency = (cells: readonly string[]): string | undefined => {
    const cell = at.currency < 0 ? "" : (cells[at.currency] ?? "");
    return cell === "" || trimmed(cell) === "" ? fileCurrency : currencyOf(cell);
  };
  const read = (text: string, index: number, code: number, currency: string): AmountReading => {
    const quick = code < 0 ? Number.NaN : quickMinor(text, code, currencyExponent(currency));
    if (!Number.isNaN(quick)) return { ok: true, amountMinor: minor(quick), currency: null, direction: null };
    return readAmount(text, understanding.decimals[index] ?? "unknown", currency);
  };

  const readGross = (cells: readonly string[]): Signed => {
    const named = rowCurrency(cells);
    if (named === undefined) return { refused: "currency_unknown", column: at.currency };
    if (byPair) {
      const debit = read(cells[at.debit] ?? "", at.debit, codes.debit, named);
      const credit = read(cells[at.credit] ?? "", at.credit, codes.credit, named);
      return joinPair(debit, credit, at, sign, named);
    }
    const cell = cells[at.amount] ?? "";
    let currency = named;
    let flow: Direction | undefined;
    let value = codes.amount < 0 ? Number.NaN : quickMinor(cell, codes.amount, currencyExponent(named));
    if (Number.isNaN(value)) {
      const amount = readAmount(cell, understanding.decimals[at.amount] ?? "unknown", named);
      if (!amount.ok) return { refused: amountRefusal(amount.problem), column: at.amount };
      if (at.currency < 0 && amount.currency !== null) currency = amount.currency;
      value = amount.amountMinor;
      flow = amount.direction ?? undefined;
    }
    if (flow !== undefined) value = flow === "out" ? -Math.abs(value) : Math.abs(value);
    else if (sign === "direction_column") {
      flow = flowOf(cells[at.direction] ?? "");
      if (flow === undefined || flow === "neutral") return { refused: "direction_unknown", column: at.direction };
      if (flow === "out") value = -value;
    } else if (sign === "expense_list" || sign === "signed_inverted") value = -value;
    return { amountMinor: minor(value), currency };
  };
  const feeIndex = understanding.fee?.value === "taken_off" ? first("fee") : -1;
  if (feeIndex < 0) return readGross;
  return (cells) => {
    const gross = readGross(cells);
    if ("refused" in gross) return gross;
    const fee = readAmount(cells[feeIndex] ?? "", understanding.decimals[feeIndex] ?? "unknown", gross.currency);
    if (fee.ok) return { ...gross, amountMinor: minor(gross.amountMinor - Math.abs(fee.amountMinor)) };
    return fee.problem === "missing" ? gross : { refused: amountRefusal(fee.problem), column: feeIndex };
  };
}

/** Reads the running balance of a record, if there is one; a cell that is no amount gives null. */
function createBalanceReader(understanding: UnderstoodTable): (cells: readonly string[], currency: string) => Minor | null {
  const index = understanding.columns.find((column) => column.role === "balance")?.index ?? -1;
  if (index < 0) return () => null;
  const style = understanding.decimals[index] ?? "unknown";
  return (cells, currency) => {
    const amount = readAmount(cells[index] ?? "", style, currency);
    return amount.ok ? (amount.direction === "out" ? minor(-Math.abs(amount.amountMinor)) : amount.amountMinor) : null;
  };
}

function joinPair(debit: AmountReading, credit: AmountReading, at: { readonly debit: number; readonly credit: number }, sign: string, rowCurrency: string): Signed {
  if (!debit.ok && debit.problem !== "missing") return { refused: amountRefusal(debit.problem), column: at.debit };
  if (!credit.ok && credit.problem !== "missing") return { refused: amountRefusal(credit.problem), column: at.credit };
  if (!debit.ok && !credit.ok) return { refused: "amount_missing", column: at.debit >= 0 ? at.debit : at.credit };
  const out = debit.ok ? debit.amountMinor : 0;
  const income = credit.ok ? credit.amountMinor : 0;
  if (out !== 0 && income !== 0) return { refused: "both_debit_and_credit", column: at.debit };
  const value = sign === "debit_credit_signed" ? income + out : sign === "debit_credit_inverted" ? out - income : income - out;
  const mark = out !== 0 && debit.ok ? debit.currency : credit.ok ? credit.currency : null;
  return { amountMinor: minor(value), currency: mark ?? rowCurrency };
}

function amountRefusal(problem: "missing" | "unreadable" | "ambiguous" | "too_large"): RefusalCode {
  return `amount_${problem}`;
}

/** Equal texts become one string that does not keep the piece of the file it was cut from. Bounded; starts anew when full. */
function createIntern(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= internedMax) known.clear();
    const own = ` ${text}`.slice(1);
    known.set(own, own);
    return own;
  };
}

function createCache<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (text) => {
    if (text.length > 40) return compute(text);
    const found = known.get(text);
    if (found !== undefined) return found.value;
    if (known.size >= internedMax) known.clear();
    const value = compute(text);
    known.set(text, { value });
    return value;
  };
}
