import type { Decision, Journal, SignConvention, UnderstoodColumn } from "../model.ts";
import { plainWords } from "../values/words.ts";
import type { LinedRecord } from "./record.ts";

const ofManyAccounts = /(?:^|\P{L})(?:general ledger|general journal|buchungsstapel|transaction detail by account|журнал проводок|отч[её]т по проводкам|главная книга)(?:\P{L}|$)/iu;
/** Accounts 50 to 57 of the Russian chart are cash and banks. */
const ofOwnMoney = /(?:карточка|обороты) сч[её]та\s*5[0-57](?!\d)/i;

/** What a decision on signs is held against. */
export interface LedgerSigns {
  readonly journal: Journal | undefined;
  /** The lines above the table. */
  readonly preamble: readonly LinedRecord[];
  readonly names: readonly string[];
  readonly columns: readonly UnderstoodColumn[];
}

/**
 * What a ledger says of its signs: in one's own books a debit of the bank account is money in, and a ledger of many accounts whose entries
 * cannot be told apart holds each payment twice, which no convention puts right. Balances that agree are not argued with.
 */
export function heedLedger(decision: Decision<SignConvention>, { journal, preamble, names, columns }: LedgerSigns): Decision<SignConvention> {
  if (journal !== undefined) {
    const has = (role: string): boolean => columns.some((column) => column.role === role);
    const value = has("debit") || has("credit") ? "debit_credit_inverted" : has("direction") ? "direction_column_inverted" : "signed";
    return { value, confidence: 0.95, reason: { code: "sign_own_ledger", params: {} } };
  }
  const titles = preamble.slice(0, 20).map(({ cells }) => cells.join(" "));
  if (titles.some((title) => ofManyAccounts.test(title)) || names.some((name) => /^journal ?(?:date|id|no|number|line)$/.test(plainWords(name)))) {
    return { value: decision.value, confidence: 0.4, reason: { code: "sign_many_accounts", params: {} } };
  }
  const isPair = decision.value === "debit_credit" || decision.value === "debit_credit_inverted";
  if (!isPair || decision.reason.code === "sign_balances" || !titles.some((title) => ofOwnMoney.test(title))) return decision;
  return { value: "debit_credit_inverted", confidence: 0.93, reason: { code: "sign_own_ledger", params: {} } };
}
