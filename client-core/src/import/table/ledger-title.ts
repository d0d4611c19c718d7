import type { Decision, SignConvention } from "../model.ts";
import { plainWords } from "../values/words.ts";
import type { LinedRecord } from "./record.ts";

const ofManyAccounts = /(?:^|\P{L})(?:general ledger|general journal|buchungsstapel|transaction detail by account|журнал проводок|отч[её]т по проводкам|главная книга)(?:\P{L}|$)/iu;
/** Accounts 50 to 57 of the Russian chart are cash and banks. */
const ofOwnMoney = /(?:карточка|обороты) сч[её]та\s*5[0-57](?!\d)/i;

/**
 * What the title above a table, or its names, say of its signs: in a ledger of one's own a debit of the bank account is money in, and a ledger of many
 * accounts holds each payment twice, once for each side, which no convention puts right. Balances that agree are not argued with.
 */
export function heedLedgerTitle(decision: Decision<SignConvention>, preamble: readonly LinedRecord[], names: readonly string[]): Decision<SignConvention> {
  const titles = preamble.slice(0, 20).map(({ cells }) => cells.join(" "));
  if (titles.some((title) => ofManyAccounts.test(title)) || names.some((name) => /^journal ?(?:date|id|no|number|line)$/.test(plainWords(name)))) {
    return { value: decision.value, confidence: 0.4, reason: { code: "sign_many_accounts", params: {} } };
  }
  if (decision.value !== "debit_credit" || decision.reason.code === "sign_balances" || !titles.some((title) => ofOwnMoney.test(title))) return decision;
  return { value: "debit_credit_inverted", confidence: 0.93, reason: { code: "sign_own_ledger", params: {} } };
}
