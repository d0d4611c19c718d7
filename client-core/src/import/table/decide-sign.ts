import type { Decision, SignConvention, UnderstoodColumn } from "../model.ts";
import { plainWords } from "../values/words.ts";
import { speaksOfSales, speaksOfSpending } from "./aliases.ts";
import type { Evidence } from "./evidence.ts";
import { sellerReport } from "./seller-report.ts";

/** Amounts as a convention signs them, record by record. */
export function signedBy(convention: SignConvention, entry: Evidence["chain"][number]): number {
  switch (convention) {
    case "signed":
    case "income_list":
      return entry.amount;
    case "signed_inverted":
    case "expense_list":
      return -entry.amount;
    case "debit_credit":
      return entry.credit - entry.debit;
    case "debit_credit_inverted":
      return entry.debit - entry.credit;
    case "debit_credit_signed":
      return entry.credit + entry.debit;
    case "debit_credit_signed_inverted":
      return -(entry.credit + entry.debit);
    case "direction_column":
      return entry.direction === "out" ? -entry.amount : entry.direction === "in" ? entry.amount : 0;
    case "direction_column_inverted":
      return -signedBy("direction_column", entry);
    default:
      return assertNever(convention);
  }
}

/** The share of neighbouring records whose balances differ by the amount, in the better of both file orders. */
function chainShare(evidence: Evidence, convention: SignConvention, takesFees: boolean): { share: number; steps: number } {
  const { chain } = evidence;
  let [forward, back, steps] = [0, 0, 0];
  for (let at = 1; at < chain.length; at += 1) {
    const before = chain[at - 1];
    const after = chain[at];
    if (before === undefined || after === undefined || Number.isNaN(before.balance) || Number.isNaN(after.balance)) continue;
    const delta = after.balance - before.balance;
    if (delta === 0) continue;
    steps += 1;
    if (delta === signedBy(convention, after) - (takesFees ? Math.abs(after.fee) : 0)) forward += 1;
    if (-delta === signedBy(convention, before) - (takesFees ? Math.abs(before.fee) : 0)) back += 1;
  }
  return { share: steps === 0 ? 0 : Math.max(forward, back) / steps, steps };
}

/** Decides how amounts get their sign. The balance column, where there is one, is asked first: it cannot be argued with. */
export function decideSign(evidence: Evidence, columns: readonly UnderstoodColumn[]): Decision<SignConvention> {
  const has = (role: string): boolean => columns.some((column) => column.role === role);
  const byPair = has("debit") || has("credit");
  const usual: readonly SignConvention[] = byPair
    ? ["debit_credit", "debit_credit_inverted", "debit_credit_signed", "debit_credit_signed_inverted"]
    : has("direction") ? ["signed", "direction_column", "signed_inverted"] : ["signed", "signed_inverted"];
  const tried = usual.flatMap((value) => (evidence.signs.fees > 0 ? [{ value, takesFees: false }, { value, takesFees: true }] : [{ value, takesFees: false }]));
  for (const { value, takesFees } of tried) {
    const { share, steps } = chainShare(evidence, value, takesFees);
    if (steps >= 2 && share >= 0.9) {
      return { value, confidence: steps >= 4 ? 0.99 : 0.9, reason: { code: "sign_balances", params: { steps, share: Math.round(share * 100) } } };
    }
  }
  if (byPair) return decidePair(evidence, columns);
  if (sellerReport(columns) !== undefined) return { value: "income_list", confidence: 0.93, reason: { code: "sign_seller_report", params: {} } };
  return (has("direction") ? decideByDirection(evidence, columns) : undefined) ?? decideSingle(evidence, columns);
}

/** How sure the bare words of a pair of columns make by themselves: not enough to go unasked. */
export const bareWordsConfidence = 0.7;

/** True for words that turn round between a bank's books and one's own ledger; "money in", "расход", "withdrawals" do not. */
function isBareWord(name: string): boolean {
  return /^(?:debit|credit|debits|credits|dr|cr|дебет|кредит|дт|кт|debe|haber|dare|avere|soll|haben|debito|credito|debet)(?: (?:amount|eur|usd|gbp|rub|руб|сумма))?$/.test(name);
}

function decidePair(evidence: Evidence, columns: readonly UnderstoodColumn[]): Decision<SignConvention> {
  const { debitPositive, debitNegative, creditPositive, creditNegative } = evidence.signs;
  if (debitPositive > debitNegative * 4 && creditNegative > creditPositive * 4) {
    return { value: "debit_credit_signed_inverted", confidence: 0.93, reason: { code: "sign_credits_negative", params: { credits: creditNegative } } };
  }
  if (debitNegative > debitPositive * 4) return { value: "debit_credit_signed", confidence: 0.95, reason: { code: "sign_debits_negative", params: { debits: debitNegative } } };
  const names = columns.filter((column) => column.role === "debit" || column.role === "credit").map((column) => plainWords(column.name));
  return { value: "debit_credit", confidence: names.every(isBareWord) ? bareWordsConfidence : 0.97, reason: { code: "sign_two_columns", params: { names: names.join(" / ") } } };
}

function decideByDirection(evidence: Evidence, columns: readonly UnderstoodColumn[]): Decision<SignConvention> | undefined {
  const { negative, agrees, disagrees } = evidence.signs;
  const name = columns.find((column) => column.role === "direction")?.name ?? "";
  if (agrees + disagrees === 0) return undefined;
  if (negative > 0 && agrees >= (agrees + disagrees) * 0.95) return { value: "signed", confidence: 0.99, reason: { code: "sign_agrees_with_word", params: { name, agrees } } };
  const mostlyPlain = negative <= (agrees + disagrees) * 0.1;
  return { value: "direction_column", confidence: mostlyPlain ? 0.97 : 0.6, reason: { code: "sign_by_word", params: { name, negative } } };
}

function decideSingle(evidence: Evidence, columns: readonly UnderstoodColumn[]): Decision<SignConvention> {
  const { positive, negative } = evidence.signs;
  const all = positive + negative;
  const share = all === 0 ? 0 : negative / all;
  const names = columns.map((column) => column.name);
  const spending = speaksOfSpending(names);
  const selling = speaksOfSales(names);
  const hasBalance = columns.some((column) => column.role === "balance");
  const params = { positive, negative };
  const decided = (value: SignConvention, confidence: number, code: string): Decision<SignConvention> => ({ value, confidence, reason: { code, params } });
  if (all === 0) return decided("signed", 0.3, "sign_no_amounts");
  if (share === 1) return spending === "strong" && !hasBalance ? decided("signed", 0.85, "sign_all_negative") : decided("signed", 0.95, "sign_all_negative");
  if (spending === "strong" && !selling && !hasBalance && share < 0.35) return decided("expense_list", share === 0 ? 0.92 : 0.88, "sign_supplier_list");
  if (share === 0) {
    if (evidence.signs.returnPositive > 0) return decided(spending === "strong" && !selling ? "expense_list" : "income_list", 0.5, "sign_returns_positive");
    if (selling && spending === "weak") return decided("income_list", 0.5, "sign_sales_list");
    if (selling && spending === "no") return decided("income_list", 0.85, "sign_sales_list");
    if (spending !== "no") return decided("expense_list", selling ? 0.5 : spending === "strong" ? 0.8 : 0.65, "sign_payments_list");
    return decided("signed", 0.4, "sign_all_positive");
  }
  const { thanksPositive, thanksNegative, purchasePositive, purchaseNegative } = evidence.signs;
  // Where fees are told apart it is the shop that speaks of purchases: they bring money in.
  const isShop = columns.some((column) => column.role === "fee") || names.some((name) => /(?:^| )(?:terminal|merchant (?:id|number|no)|терминала?|мерчанта|payout)(?: |$)/.test(plainWords(name)));
  if (purchasePositive > 0 && purchaseNegative === 0 && !hasBalance && !isShop) return decided("signed_inverted", 0.9, "sign_purchases_positive");
  if (thanksNegative > 0 && thanksPositive === 0 && !hasBalance) return decided("signed_inverted", share <= 0.5 ? 0.9 : 0.6, "sign_card_payments");
  if (names.some((name) => /^card ?member$/.test(plainWords(name))) && share < 0.5 && !hasBalance) return decided("signed_inverted", 0.85, "sign_card_statement");
  if (share >= 0.2) return decided("signed", share >= 0.25 ? 0.97 : 0.85, "sign_as_written");
  if (hasBalance) return decided("signed", 0.8, "sign_few_negative");
  return decided(spending !== "no" && !selling ? "signed_inverted" : "signed", 0.6, "sign_few_negative");
}

function assertNever(value: never): never {
  throw new Error(`unhandled sign convention ${String(value)}`);
}
