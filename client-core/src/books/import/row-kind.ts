import { currencyExponent, minor, parseDecimalMinor, type Minor, type transactionKinds } from "@saldo/schema";
import type { ReadRow } from "../../import/index.ts";

/** What a row is by nature; see `transactionKinds`. */
export type TransactionKind = (typeof transactionKinds)[number];

/** What the words of a row say. */
export interface JudgedRow {
  readonly kind: TransactionKind;
  /** Value added tax within the amount, as the purpose tells it. */
  readonly vatMinor: Minor | null;
  /** True when the row may be one side of a transfer, should the other side be found. */
  readonly mayBeTransfer: boolean;
}

/** Any of the words below: most rows have none, and this one test tells. */
const anyHint =
  /перевод|пополнен|перечислен|снятие|внесение|ведение|плата за|собственн|своими|своего|своих|комисси|обслуживан|возврат|налог|ндс|ндфл|страхов|взнос|пени|штраф|пошлин|фнс|казначейств|зарплат|заработн|аванс|оклад|премия|отпускн|больничн|реестр|transfer|own acc|internal|top.?up|withdrawal|deposit|refund|reversal|return|chargeback|\bfees?\b|commission|charge|\btax|\bvat\b|\bhmrc\b|\birs\b|salar|payroll|wages/;

const ownTransfer =
  /перевод (?:собственных|своих) (?:денежных )?средств|между (?:своими|собственными) сч|собственны[хе] средств|внутренн\S* перевод|(?:на|с) (?:свой|своего) сч|\binternal transfers?\b|\bown (?:account|funds)|between (?:my|own|your) accounts|\btransfer (?:to|from) (?:own|my|savings)/;

const rules: readonly (readonly [TransactionKind, RegExp])[] = [
  ["transfer", ownTransfer],
  ["refund", /(?:^|[^а-я])возврат(?!н)(?!\S* (?:займ|кредит|долг|процент|ссуд))|\brefund|\breversal\b|\bchargeback\b|\breturned payment\b/],
  ["payroll", /зарплат|заработн\S* плат|з\/п(?![а-я])|аванс за (?:перв|январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)|отпускны[ех]|больничн\S* лист|по реестру|\bsalar(?:y|ies)\b|\bpayroll\b|\bwages\b/],
  ["tax", /(?:^|[^а-я])(?:уплата |оплата |единый )?налог(?:а|ов|овый|и)?(?![а-я]*обл)(?! на добавл)|(?:^|[^а-я])ндфл|страховы[ех] взнос|(?:^|[^а-я])пени(?![а-я])|госпошлин|государственн\S* пошлин|(?:уплата|перечисление) ндс|\btax payment\b|\bincome tax\b|\bpayroll tax\b|\bhmrc\b|\bsales tax payment\b/],
  ["fee", /комисси(?!он\S* (?:торг|магаз|продаж))|плата за (?:обслуж|вед|рко|расч)|обслуживани[ея] (?:сч|карт|пакет|банк)|за ведение сч|\b(?:bank|service|account|wire|monthly|transaction|card|maintenance|overdraft) (?:fee|charge)s?\b|^fees?\b|\bfees?:|\bcommission\b/],
];

/** A bank calls any payment a credit or wire transfer: that hints at nothing. */
const weakTransfer = /перевод|пополнен|снятие|внесение|инкассац|(?<!credit |wire |bank |giro |sepa )\btransfer\b|top.?up|\bwithdrawal\b|\bdeposit\b/;
const vatAmount = /(?:ндс|vat)\D{0,24}?(?:\(?\s?\d{1,2}\s?%\)?)?[\s\-–—:=,.]*(?:в сумме|сумма|составляет|of)?[\s\-–—:=]*(\d{1,3}(?:[ \u00a0]\d{3})+|\d+)(?:[.,-](\d{2}))?(?!\d|\s?%)/;
const noVat = /без (?:налога \(?)?ндс|ндс не облаг|не облагается ндс|без налога/;

/**
 * Makes the function that judges rows of a file. `ownNumbers` are digits of the company's own account numbers: a counterparty with one is the
 * company itself. `searchText` is the row's text as search compares it. Words are Russian and English; what the file itself says goes first.
 */
export function createRowJudge(ownNumbers: () => ReadonlySet<string>): (row: ReadRow, searchText: string) => JudgedRow {
  return (row, searchText) => {
    const own = row.counterpartyAccount !== null && isOwn(row, ownNumbers());
    const said = own ? "transfer" : row.kind;
    if (!anyHint.test(searchText)) return said === null ? ordinary : { ...ordinary, kind: said, mayBeTransfer: said === "transfer" };
    const judged = judge(row, searchText);
    return said === null ? judged : { ...judged, kind: said, mayBeTransfer: said === "transfer" };
  };
}

const ordinary: JudgedRow = { kind: "ordinary", vatMinor: null, mayBeTransfer: false };

function isOwn({ counterpartyAccount, account }: ReadRow, own: ReadonlySet<string>): boolean {
  const digits = digitsOf(counterpartyAccount ?? "");
  return digits.length >= 8 && own.has(digits) && digits !== digitsOf(account ?? "");
}

/** An account number as numbers are compared: letters and digits alone. */
export function digitsOf(account: string): string {
  return account.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
}

function judge({ amountMinor, currency }: ReadRow, text: string): JudgedRow {
  const found = rules.find(([, words]) => words.test(text))?.[0] ?? "ordinary";
  // Money that comes in is no salary, fee or tax one pays; what comes back of them is a refund.
  const kind = amountMinor > 0 && (found === "payroll" || found === "fee" || found === "tax") ? (/возврат|refund/.test(text) ? "refund" : "ordinary") : found;
  return { kind, vatMinor: vatOf(text, amountMinor, currency), mayBeTransfer: kind === "transfer" || (kind === "ordinary" && weakTransfer.test(text)) };
}

/** True when the words of a row may mean a transfer between own accounts, whatever else they mean. */
export function hintsAtTransfer(searchText: string): boolean {
  return weakTransfer.test(searchText) || ownTransfer.test(searchText);
}

/** The tax a purpose names, unless it says there is none or names more than the amount. */
function vatOf(text: string, amountMinor: number, currency: string): Minor | null {
  if ((!text.includes("ндс") && !text.includes("vat")) || noVat.test(text)) return null;
  const match = vatAmount.exec(text);
  if (match === null) return null;
  const whole = (match[1] ?? "").replace(/[ \u00a0]/g, "");
  const read = parseDecimalMinor(`${whole}.${(match[2] ?? "").padEnd(currencyExponent(currency), "0")}`, currency);
  return read === undefined || read === 0 || read >= Math.abs(amountMinor) ? null : minor(read);
}
