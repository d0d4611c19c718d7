import type { ColumnRole } from "../model.ts";
import { directionOf, isNotCompleted } from "../values/direction.ts";
import { tellsPromises } from "../values/document-type.ts";
import { plainWords } from "../values/words.ts";
import { rolesByName } from "./aliases.ts";
import { shareOf, type ColumnProfile } from "./profile.ts";

/** A role a column may have; `byName` says how well its header names it, 0 when only the cells speak for it. */
export interface Candidate {
  readonly index: number;
  readonly role: ColumnRole;
  readonly score: number;
  readonly byName: number;
}

const otherOfParty = /(?:^| )(?:account|iban|bic|email|address|id|inn|инн|кпп|бик|банк|bank|счета|number|номер)(?: |$)/;
const otherNames: Readonly<Partial<Record<ColumnRole, RegExp>>> = {
  amount: /(?:^| )(?:tax|taxes|vat|gst|ндс|steuer|umsatzsteuer|mehrwertsteuer|tva|iva|btw|discounts?|tips?|refunded|quantity|qty|rate|курс|kurs|комисси[ия]|fees?|штраф|штрафа|штрафы|штрафов|fines?|penalt(?:y|ies))(?: |$)|steuer$/,
  currency: /(?:^| )(?:original|orig|foreign|target|converted|exchange|операции в валюте|fremd|oorspr)|(?:fremd|original)wahrung/,
  counterparty: /(?:^| )(?:on card|member|holder|cardholder|employee|author|user|currency|amount|method|валюта|сумма|account|iban|bic|email|address|id|inn|инн|кпп|бик|банк|bank|счет|счета|number|номер)(?: |$)/,
  payer: otherOfParty,
  payee: otherOfParty,
  status: /(?:^| )(?:payout|shipping|fulfil\w*|delivery|card|address|reconciliation)(?: |$)/,
  description: /(?:^| )(?:id|number|code|date|номер|код|дата|amount|currency)(?: |$)/,
  category: /(?:^| )(?:number|iban|id|no|номер|bic|дебет|кредит|debit|credit)(?: |$)/,
  account: /(?:^| )(?:expense|income|revenue|дебет|кредит|debit|credit|получатель|плательщик|контрагент|корреспондент|получателя|плательщика|контрагента|корреспондента|корр|корреспондентский|correspondent|brand|code|entry|counterparty|payee|payer|beneficiary|partner|recipient|type|gegenkonto|tegenrekening|tegenpartij|bic|balance)(?: |$)/,
};

/** Names of what an amount is after or before something, which still are amounts. */
const amountApartFrom = /(?:^| )(?:incl|including|excl|excluding|before|after|net of|vor|nach|hors|с учетом|без|за вычетом)(?: |$)/;

/** A word in the name that says the column holds something else of that thing: the account of the payee, the id of the transaction. */
function isNameOfOther(role: ColumnRole, plainName: string): boolean {
  if (role === "amount" && amountApartFrom.test(plainName)) return false;
  return otherNames[role]?.test(plainName) ?? false;
}

/** Roles whose name is much worse than the best one of the column are no candidates: "Account name" is an account, not a name. */
export function candidatesOf(name: string, profile: ColumnProfile): Candidate[] {
  const found: Candidate[] = [];
  for (const [role, byName] of rolesByName(name)) {
    const fit = contentFit(role, profile);
    if (fit <= 0 || isNameOfOther(role, plainWords(name)) || (role === "direction" && fit < 1 && (byName < 0.97 || plainWords(name) === "type"))) continue;
    found.push({ index: profile.index, role, byName, score: byName * 0.75 + fit * 0.25 });
  }
  // "Amount (debit/credit)" is neither of the pair.
  const names = new Set(found.filter(({ byName }) => byName < 0.9).map(({ role }) => role));
  if (names.has("debit") && names.has("credit")) return found.filter(({ role }) => role !== "debit" && role !== "credit");
  const bestName = Math.max(0, ...found.map((candidate) => candidate.byName));
  return found.filter((candidate) => candidate.byName >= bestName - 0.13);
}

/** How well the cells suit a role, 0 when they cannot be it. */
function contentFit(role: ColumnRole, profile: ColumnProfile): number {
  const filledShare = profile.records === 0 ? 0 : profile.filled / profile.records;
  if (profile.filled === 0) return role === "debit" || role === "credit" ? 0.3 : 0;
  const share = (count: number): number => shareOf(profile, count);
  const amounts = profile.amounts / Math.max(1, profile.filled - profile.dashes);
  switch (role) {
    case "date":
      return share(profile.dates) >= 0.5 ? share(profile.dates) * (0.3 + 0.7 * filledShare) : 0;
    case "amount":
    case "balance":
    case "fee":
      return amounts >= 0.6 ? amounts * (0.2 + 0.8 * filledShare) * (share(profile.identifiers) > 0.6 ? 0.3 : 1) : 0;
    case "debit":
    case "credit":
      return amounts >= 0.6 && share(profile.identifiers) <= 0.6 ? amounts : 0;
    case "direction":
      return share(profile.directions) >= 0.9 && profile.distinct.size <= 12 ? (namesBothWays(profile) ? 1 : 0.2) : 0;
    case "currency":
      return share(profile.currencies) >= 0.8 ? filledShare : 0;
    case "status":
      return profile.distinct.size <= 12 && (share(profile.statuses) >= 0.5 || [...profile.distinct].some(isNotCompleted)) || tellsPromises(profile.distinct) ? 1 : 0;
    case "account":
      return accountFit(profile) * filledShare;
    case "partyAccount":
      return share(profile.longNumbers) > 0.5 && profile.distinct.size > 1 ? 1 : 0;
    case "partyTaxId":
      return share(profile.identifiers) > 0.5 ? 1 : 0;
    case "category":
      return share(profile.letters) >= 0.6 && share(profile.longNumbers) <= 0.5 ? categoryVariety(profile) * (0.4 + 0.6 * filledShare) : 0;
    case "description":
      return isSparseLabel(profile) ? 0 : textFit(profile, filledShare);
    case "counterparty":
      return textFit(profile, filledShare) * (isHolder(profile) ? 0.3 : 1);
    case "payer":
    case "payee":
      return textFit(profile, filledShare);
    case "otherDate":
    case "otherAmount":
    case "ignored":
      return 0;
    default:
      return assertNever(role);
  }
}

function textFit(profile: ColumnProfile, filledShare: number): number {
  if (shareOf(profile, profile.dates) >= 0.5) return 0;
  return shareOf(profile, profile.letters) >= 0.3 ? 0.3 + 0.7 * filledShare : 0.1;
}

/** A mark that few rows carry, the same again and again, describes nothing. */
function isSparseLabel({ records, filled, distinct }: ColumnProfile): boolean {
  return records >= 50 && filled < records * 0.05 && distinct.size <= filled * 0.5;
}

/** The same name in every row is that of whose account it is. */
function isHolder({ records, filled, distinct }: ColumnProfile): boolean {
  return distinct.size === 1 && filled >= 3 && filled === records;
}

/** A category repeats, but one value in every row sorts nothing. */
function categoryVariety(profile: ColumnProfile): number {
  if (profile.distinct.size === 1 && profile.filled > 3) return 0;
  return profile.distinct.size <= Math.max(20, profile.filled * 0.4) ? 1 : 0.5;
}

/** One word alone ("Revenue" in every row) may be a type of spending as well as a direction. */
function namesBothWays(profile: ColumnProfile): boolean {
  const directions = new Set([...profile.distinct].map(directionOf));
  return directions.has("in") && directions.has("out");
}

/** True when most cells carry a decimal part, a sign or a currency. */
export function isMoneyColumn(profile: ColumnProfile): boolean {
  return shareOf(profile, profile.moneyLooking) > 0.5;
}

/** Own accounts come again row by row; one that only some rows have, or a different one in each row, is the account of the other side. */
function accountFit(profile: ColumnProfile): number {
  const { filled, distinct, records } = profile;
  if (filled < records * 0.8 || looksLikeLedgerAccount(profile) || isMoneyColumn(profile)) return 0;
  if (distinct.size === 1 || distinct.size <= Math.min(3, filled * 0.67) || distinct.size <= filled * 0.2) return 1;
  if (filled < 3) return 0.4;
  return filled >= 10 || distinct.size === filled || shareOf(profile, profile.longNumbers) > 0.5 ? 0 : 0.4;
}

/** Chart-of-accounts names ("Telephone Costs") are many different words; own accounts are few or carry digits. */
function looksLikeLedgerAccount(profile: ColumnProfile): boolean {
  const withDigits = [...profile.distinct].filter((cell) => /\d/.test(cell)).length;
  return profile.distinct.size > 15 && withDigits < profile.distinct.size * 0.3;
}

function assertNever(role: never): never {
  throw new Error(`unhandled role ${String(role)}`);
}
