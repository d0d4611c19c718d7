import type { AdviceCategory, AdviceLedger, Party } from "./ledger.ts";

/** Most of a category's or counterparty's money is of a nature when it is more than half. */
const mostly = 0.5;

/** Whole words or their beginnings (`…*`), in any case. JavaScript's `\b` knows no Cyrillic letters. */
function anyOf(words: string): RegExp {
  const parts = words.split(", ").map((word) => (word.endsWith("*") ? `${word.slice(0, -1)}\\p{L}*` : word).replaceAll(" ", "\\s+"));
  return new RegExp(`(?<!\\p{L})(?:${parts.join("|")})(?!\\p{L})`, "iu");
}

const taxWords = anyOf("налог*, взнос*, ндс, усн, ндфл, фнс, казначейств*, tax, taxes, hmrc, irs, vat, social security");
const payrollWords = anyOf("зарплат*, заработн*, оплата труда, фот, payroll, salary, salaries, wage, wages");
const feeWords = anyOf("комисси*, эквайринг*, рко, fee, fees, bank charges, acquiring");
const penaltyWords = anyOf("пеня, пени, пеней, штраф*, неустойк*, овердрафт*, penalty, penalties, late fee, late charge, late payment fee, overdraft, fine, fines");
const gatewayWords = anyOf("эквайринг*, acquiring, stripe, paypal, square, sumup, adyen, worldpay, юкасса, yookassa, robokassa, cloudpayments, klarna, mollie, gocardless");

/** True for rows that pay taxes. */
export function isTax(ledger: AdviceLedger, row: number): boolean {
  return isOf(ledger, row, "tax", taxWords);
}

/** True for rows that pay people. */
export function isPayroll(ledger: AdviceLedger, row: number): boolean {
  return isOf(ledger, row, "payroll", payrollWords);
}

/** True for fees of banks and of taking cards. */
export function isFee(ledger: AdviceLedger, row: number): boolean {
  return isOf(ledger, row, "fee", feeWords);
}

/** True for what is paid because something else was late or missing. */
export function isPenalty(ledger: AdviceLedger, row: number): boolean {
  return penaltyWords.test(ledger.books.rows[row]?.description ?? "");
}

function isOf(ledger: AdviceLedger, row: number, kind: string, words: RegExp): boolean {
  const { books, category } = ledger;
  return books.rows[row]?.kind === kind || words.test(books.categories[category[row] ?? -1]?.name ?? "");
}

/** True for one who passes on the payments of many: its share says nothing about one client. */
export function isGateway({ name }: Party): boolean {
  return gatewayWords.test(name);
}

/** True for an expense category advice may ask to spend less on: not taxes, not people, not fees, which have their own. */
export function isCutByRules(ledger: AdviceLedger, { kind, name }: AdviceCategory, place: number): boolean {
  if (kind !== "expense" || [taxWords, payrollWords, feeWords].some((words) => words.test(name))) return false;
  let [all, other] = [0, 0];
  for (let row = 0; row < ledger.amount.length; row++) {
    if (ledger.category[row] !== place || (ledger.amount[row] ?? 0) >= 0) continue;
    all += 1;
    if (["tax", "payroll", "fee"].includes(ledger.books.rows[row]?.kind ?? "")) other += 1;
  }
  return all > 0 && other < mostly * all;
}

/** True for a counterparty money is paid to for something that can be bargained about. */
export function isVendor(ledger: AdviceLedger, { rows }: Pick<Party, "rows">): boolean {
  const paid = rows.filter((row) => (ledger.amount[row] ?? 0) < 0);
  const fixed = paid.filter((row) => isTax(ledger, row) || isPayroll(ledger, row));
  return paid.length > 0 && fixed.length < mostly * paid.length;
}
