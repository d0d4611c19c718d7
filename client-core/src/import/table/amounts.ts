import { currencyExponent, minor, type Minor } from "@saldo/schema";
import type { RefusalCode, SignConvention, UnderstoodTable } from "../model.ts";
import { quickMinor, readAmount, type AmountReading } from "../values/amount.ts";
import { currencyOfMark } from "../values/currency.ts";
import { directionOf, isReturnWord, type Direction } from "../values/direction.ts";
import { plainWords, trimmed } from "../values/words.ts";
import { sellerReport, type SellerReport } from "./seller-report.ts";
import { createCache } from "./texts.ts";

/** The amount of one record with its sign, or why there is none and in which column. */
export type Signed = { readonly amountMinor: Minor; readonly currency: string } | { readonly refused: RefusalCode; readonly column: number };

/** Conventions that read a debit and a credit column. */
const ofPairs: ReadonlySet<SignConvention> = new Set<SignConvention>(["debit_credit", "debit_credit_inverted", "debit_credit_signed", "debit_credit_signed_inverted"]);

/** Reads amount and currency of a record under the file's sign convention. */
export function createAmountReader(understanding: UnderstoodTable): (cells: readonly string[]) => Signed {
  const first = (role: string): number => understanding.columns.find((column) => column.role === role)?.index ?? -1;
  const at = { amount: first("amount"), debit: first("debit"), credit: first("credit"), direction: first("direction"), currency: first("currency") };
  const fileCurrency = understanding.currency.value;
  const sign = understanding.sign.value;
  const byPair = ofPairs.has(sign);
  const currencyOf = createCache((text: string) => currencyOfMark(trimmed(text)));
  const flowOf = createCache(directionOf);
  const decimalCode = (index: number): number => {
    const style = understanding.decimals[index] ?? "unknown";
    return style === "," ? 44 : style === "mixed" ? -1 : 46;
  };
  const isScaled = isInMinorUnits(understanding, at.amount);
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
    if (isScaled) {
      value /= 10 ** currencyExponent(currency);
      if (!Number.isInteger(value)) return { refused: "amount_unreadable", column: at.amount };
    }
    if (flow !== undefined) value = flow === "out" ? -Math.abs(value) : Math.abs(value);
    else if (sign === "direction_column" || sign === "direction_column_inverted") {
      flow = flowOf(cells[at.direction] ?? "");
      if (flow === undefined || flow === "neutral") return { refused: "direction_unknown", column: at.direction };
      if ((flow === "out") === (sign === "direction_column")) value = -value;
    } else if (sign === "expense_list" || sign === "signed_inverted") value = -value;
    return { amountMinor: minor(value), currency };
  };
  const report = sellerReport(understanding.columns);
  if (report !== undefined && (sign === "income_list" || sign === "signed")) return paidOut(understanding, report, readGross);
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

/** What a row of a seller's report comes to. */
function paidOut(understanding: UnderstoodTable, { parts, typeIndex }: SellerReport, readOwed: (cells: readonly string[]) => Signed): (cells: readonly string[]) => Signed {
  const isReturn = createCache((text: string) => isReturnWord(trimmed(text)));
  return (cells) => {
    const owed = readOwed(cells);
    if ("refused" in owed && owed.refused !== "amount_missing") return owed;
    const currency = "refused" in owed ? understanding.currency.value : owed.currency;
    let amountMinor: number = "refused" in owed ? 0 : owed.amountMinor;
    if (typeIndex >= 0 && isReturn(cells[typeIndex] ?? "")) amountMinor = -amountMinor;
    let isBlank = "refused" in owed;
    for (const { index, factor } of parts) {
      const part = readAmount(cells[index] ?? "", understanding.decimals[index] ?? understanding.decimalStyle.value, currency);
      if (!part.ok && part.problem !== "missing") return { refused: amountRefusal(part.problem), column: index };
      if (part.ok) amountMinor += factor * part.amountMinor;
      isBlank &&= !part.ok;
    }
    return isBlank ? owed : { amountMinor: minor(amountMinor), currency };
  };
}

/** True when the name of a column says that its whole numbers are cents; "руб. коп." says that they are roubles with kopecks. */
function isInMinorUnits({ columns }: UnderstoodTable, index: number): boolean {
  const name = plainWords(columns[index]?.name ?? "");
  return !/(?:^| )(?:руб|рубли|рублей|rub|dollars?|euros?|pounds?)(?: |$)/.test(name) && /(?:^| )(?:cents?|centimes?|pence|minor|minor units?|kopecks?|коп|копейки|копейках|копеек)(?: |$)/.test(name);
}

/** Reads the running balance of a record, if there is one; a cell that is no amount gives null. */
export function createBalanceReader(understanding: UnderstoodTable): (cells: readonly string[], currency: string) => Minor | null {
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
  const value = { debit_credit_signed: income + out, debit_credit_signed_inverted: -(income + out), debit_credit_inverted: out - income }[sign] ?? income - out;
  const mark = out !== 0 && debit.ok ? debit.currency : credit.ok ? credit.currency : null;
  return { amountMinor: minor(value), currency: mark ?? rowCurrency };
}

function amountRefusal(problem: "missing" | "unreadable" | "ambiguous" | "too_large"): RefusalCode {
  return `amount_${problem}`;
}
