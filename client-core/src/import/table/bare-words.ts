import type { Decision, SignConvention, UnderstoodColumn } from "../model.ts";
import { plainWords } from "../values/words.ts";
import { bareWordsConfidence } from "./decide-sign.ts";
import type { Evidence } from "./evidence.ts";
import type { LinedRecord } from "./record.ts";

/** What only a bank tells of a payment. */
const bankName =
  /(?:^| )(?:value date|valuta\w*|wertstellung|che?q(?:ue)?|branch|iban|bic|swift|sort code|transaction (?:date|id|ref|reference|type|details|remarks)|booking date|buchungstag|date operation|data operazione|fecha operacion|mcc|дата валютирования|дата операции|бик|инн)(?: |$)/;
/** What only one's own books tell of it. */
const ledgerName =
  /(?:^| )(?:journal|voucher|vch|je|gl|ledger|entry (?:no|number|type)|posting (?:no|number|group)|folio|split|(?:contra|offset|offsetting|bal|counter|opposite) (?:account|acct|acc)|gegenkonto|contrepartie|contrapartida|contropartita|cost cent(?:re|er)|кор(?:р|респондирующий)? счет|проводка|субконто|аналитика)(?: |$)/;
const ledgerTitle = /(?:^| )(?:(?:account )?ledger|ledger account|account transactions|bank book|cash book|kontoblatt|grand livre|libro mayor|mastrino|scheda contabile|карточка счета|обороты счета)(?: |$)/;

/** What bare words are held against. */
export interface AroundPair {
  readonly evidence: Evidence;
  readonly columns: readonly UnderstoodColumn[];
  readonly preamble: readonly LinedRecord[];
  /** Accounts the file and its first rows name. */
  readonly accounts: readonly string[];
}

/**
 * Debit and credit by the bare words turn round between a bank's statement and one's own ledger. Rent, fees and customers' payments tell which it is;
 * else what only one of the two writes. Where nothing does, the person is asked.
 */
export function heedBareWords(decision: Decision<SignConvention>, { evidence, columns, preamble, accounts }: AroundPair): Decision<SignConvention> {
  if (decision.reason.code !== "sign_two_columns" || decision.confidence !== bareWordsConfidence) return decision;
  const { pairAsBank, pairAsBooks } = evidence.signs;
  const decided = (value: SignConvention, confidence: number, code: string): Decision<SignConvention> => ({ value, confidence, reason: { code, params: code === "sign_by_purposes" ? { rows: Math.max(pairAsBank, pairAsBooks) } : decision.reason.params } });
  if (pairAsBank > pairAsBooks * 4) return decided("debit_credit", pairAsBank > 1 ? 0.9 : 0.8, "sign_by_purposes");
  const names = columns.map(({ name }) => plainWords(name));
  const isLedger = names.some((name) => ledgerName.test(name)) || preamble.slice(0, 20).some(({ cells }) => ledgerTitle.test(plainWords(cells.join(" "))));
  if (pairAsBooks > pairAsBank * 4) return decided("debit_credit_inverted", pairAsBooks > 1 || isLedger ? 0.85 : 0.7, "sign_by_purposes");
  if (isLedger) return decided("debit_credit_inverted", 0.7, "sign_either_books");
  const isBank = names.some((name) => bankName.test(name)) || accounts.some((account) => account.replace(/\D/g, "").length >= 8);
  return isBank ? { ...decision, confidence: 0.85 } : decided("debit_credit", bareWordsConfidence, "sign_either_books");
}
