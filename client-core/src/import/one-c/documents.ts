import { currencyExponent, minor, type Minor } from "@saldo/schema";
import { cleanText, refuse, rowOf } from "../exchange/understood.ts";
import type { OneCUnderstanding, ReadRow, RowKind } from "../model.ts";
import type { RowSink } from "../sink.ts";
import { quickMinor, readAmount, type AmountReading } from "../values/amount.ts";
import { currencyOfAccount } from "../values/currency.ts";
import { createDateText, dateRefusal, readDate } from "../values/date.ts";
import { slot } from "./fields.ts";
import { statementFinder } from "./statement-of.ts";
import type { DocumentSection } from "./sections.ts";

/** Documents between two own accounts remembered, to know one told twice. */
const ownPairsMax = 100_000;
const point = 46;

/** One side of a document that is an own account: which way the money went for it. */
interface OwnSide {
  readonly account: string;
  readonly isOut: boolean;
}

/**
 * Makes the function that turns documents into rows. A document moves an own account: out where it is the payer's, in where it is the
 * payee's; where neither is listed, the one of the two dates that is filled says which. Between two own accounts it is a row of each.
 */
export function createDocumentReader(understanding: OneCUnderstanding): (document: DocumentSection, sink: RowSink) => void {
  const own = new Set(understanding.statements.flatMap(({ account }) => account ?? []));
  const statementOf = statementFinder(understanding.statements);
  const dateText = createDateText();
  const seenPairs = new Set<string>();
  const currencies = new Map([...own].map((account) => [account, currencyOfAccount(account) ?? understanding.currency.value]));
  return (document, sink) => {
    const { slots, line } = document;
    const at = (index: number): string => slots[index] ?? "";
    if (!document.isWhole) return refuse(sink, line, "record_cut_off", null);
    const payer = ownAccount(own, at(slot.payerAccount), at(slot.payerSettlement));
    const payee = ownAccount(own, at(slot.payeeAccount), at(slot.payeeSettlement));
    if (payer !== undefined && payer === payee) return refuse(sink, line, "payer_is_payee", null);
    const sides = sidesOf(payer, payee, at(slot.paidOn) !== "", at(slot.receivedOn) !== "", understanding.account);
    if (sides.length === 0) return refuse(sink, line, "direction_unknown", null);
    if (payer !== undefined && payee !== undefined) {
      const pair = `${sides.length} ${sides[0]?.isOut}\n${at(slot.number)}\n${at(slot.date)}\n${at(slot.amount)}\n${payer}\n${payee}\n${at(slot.purpose)}`;
      if (seenPairs.has(pair)) return void sink.skipped.push({ line, reasonCode: "told_twice" });
      if (seenPairs.size < ownPairsMax) seenPairs.add(pair);
    }
    const rows: ReadRow[] = [];
    for (const { account, isOut } of sides) {
      const currency = currencies.get(account) ?? understanding.currency.value;
      const amount = amountOf(at(slot.amount), currency);
      if (!amount.ok) return refuse(sink, line, `amount_${amount.problem}`, "Сумма");
      const packed = readDate(at(isOut ? slot.paidOn : slot.receivedOn).trim() || at(slot.date), "DMY");
      if (packed < 0) return refuse(sink, line, dateRefusal(packed), "Дата");
      const postedOn = dateText(packed);
      const other = isOut ? payeeOf(slots) : payerOf(slots);
      rows.push(
        rowOf({
          line,
          postedOn,
          amountMinor: minor(isOut ? -amount.amountMinor : amount.amountMinor),
          currency,
          account,
          statement: statementOf(account, postedOn),
          description: purposeOf(slots),
          ...other,
          bankId: bankIdOf(at(slot.number), at(slot.date), other.counterpartyAccount),
          kind: kindOf(document, payer !== undefined && payee !== undefined, isOut),
        }),
      );
    }
    sink.rows.push(...rows);
    return undefined;
  };
}

function ownAccount(own: ReadonlySet<string>, account: string, settlement: string): string | undefined {
  if (own.has(account)) return account;
  return own.has(settlement) ? settlement : undefined;
}

/** The rows a document makes. `sole` is the account of the file when there is only one. */
function sidesOf(payer: string | undefined, payee: string | undefined, isPaid: boolean, isReceived: boolean, sole: string | null): OwnSide[] {
  if (payer !== undefined && payee !== undefined) {
    const out: OwnSide = { account: payer, isOut: true };
    const income: OwnSide = { account: payee, isOut: false };
    return isPaid === isReceived ? [out, income] : [isPaid ? out : income];
  }
  if (payer !== undefined) return [{ account: payer, isOut: true }];
  if (payee !== undefined) return [{ account: payee, isOut: false }];
  return sole !== null && isPaid !== isReceived ? [{ account: sole, isOut: isPaid }] : [];
}

function amountOf(text: string, currency: string): AmountReading {
  const quick = quickMinor(text, point, currencyExponent(currency));
  const amountMinor: Minor | undefined = Number.isNaN(quick) ? undefined : minor(quick);
  return amountMinor === undefined ? readAmount(text, ".", currency) : { ok: true, amountMinor, currency: null, direction: null };
}

type Other = Pick<ReadRow, "counterparty" | "counterpartyAccount" | "counterpartyTaxId">;

function payerOf(slots: readonly string[]): Other {
  return otherOf(slots[slot.payerName] || slots[slot.payer], slots[slot.payerSettlement] || slots[slot.payerAccount], slots[slot.payerTaxId]);
}

function payeeOf(slots: readonly string[]): Other {
  return otherOf(slots[slot.payeeName] || slots[slot.payee], slots[slot.payeeSettlement] || slots[slot.payeeAccount], slots[slot.payeeTaxId]);
}

/** Some banks write the tax number before the name. */
function otherOf(name: string | undefined, account: string | undefined, taxId: string | undefined): Other {
  const clean = cleanText(name);
  return {
    counterparty: clean?.startsWith("ИНН ") === true ? clean.replace(/^ИНН \d{10,12}\s+/, "") : clean,
    counterpartyAccount: cleanText(account),
    counterpartyTaxId: taxId === undefined || taxId === "" || /^0+$/.test(taxId) ? null : cleanText(taxId),
  };
}

/** The whole purpose, or its numbered lines joined; lines that only repeat a part of it are dropped. */
function purposeOf(slots: readonly string[]): string {
  let purpose = cleanText(slots[slot.purpose]) ?? "";
  for (let at = slot.purposeLine; at < slot.status; at += 1) {
    const line = slots[at];
    if (line === undefined || line === "") continue;
    const clean = cleanText(line);
    if (clean !== null && !purpose.includes(clean)) purpose = purpose === "" ? clean : `${purpose} ${clean}`;
  }
  return purpose;
}

/** A number is the payer's own, so it tells documents apart only beside the day and the other account. */
function bankIdOf(number: string, date: string, otherAccount: string | null): string | null {
  return /\d/.test(number) ? `${number.trim()} ${date.trim()} ${otherAccount ?? ""}`.trimEnd() : null;
}

/** Accounts of a bank's own books, to which it pays itself: income, settlements, receipts ahead, tax (Bank of Russia 809-P). */
const bankOwnAccounts = /^(?:706|474|613|603)\d{17}$/;

/** Budget codes of taxes, customs duties and social insurance: their first three digits name who administers them. */
const taxBudgetCode = /^(?:182|153|797|39[23])\d{17}$/;

function kindOf({ name, slots }: DocumentSection, isTransfer: boolean, isOut: boolean): RowKind | null {
  if (isTransfer) return "transfer";
  if (!isOut) return null;
  if (taxBudgetCode.test(slots[slot.budgetCode] ?? "")) return "tax";
  const isBankOrder = slots[slot.paymentKind] === "17" || name === "Банковский ордер";
  return isBankOrder && bankOwnAccounts.test(slots[slot.payeeSettlement] || (slots[slot.payeeAccount] ?? "")) ? "fee" : null;
}
