import type { AdviceBooks, AdviceCategory, AdviceLedger, Party } from "./ledger.ts";

/** Most of a category's or counterparty's money is of a nature when it is more than half. */
const mostly = 0.5;

/** Whole words or their beginnings (`…*`), in any case. JavaScript's `\b` knows no Cyrillic letters. */
function anyOf(words: string): RegExp {
  const parts = words.split(", ").map((word) => (word.endsWith("*") ? `${word.slice(0, -1)}\\p{L}*` : word).replaceAll(" ", "\\s+"));
  return new RegExp(`(?<!\\p{L})(?:${parts.join("|")})(?!\\p{L})`, "iu");
}

const taxWords = anyOf("налог*, взнос*, ндс, усн, ндфл, фнс, казначейств*, tax, taxes, hmrc, irs, vat, social security");
const payrollWords = anyOf("зарплат*, заработн*, оплата труда, фот, payroll, salary, salaries, wage, wages");
/** What a contract of years binds a business to: nobody has a second landlord or lender beside the first. */
const boundWords = anyOf("аренд*, лизинг*, ипотек*, кредит*, займ*, заём, rent, rents, lease, leases, leasing, mortgage, loan, loans");
/** Of banks and of taking cards; what professionals, schools or parkings call their fees is a price. */
const feeWords = anyOf("комисси*, эквайринг*, рко, bank fee, bank fees, account fee, account fees, card fee, card fees, transaction fees, transfer fees, payment fees, processing fees, merchant fees, platform fees, fees and charges, bank charges, card charges, acquiring");
const penaltyWords = anyOf("пеня, пени, пеней, штраф*, неустойк*, овердрафт*, penalty, penalties, late fee, late charge, late payment fee, overdraft, fine, fines");
/** Told fast: words are looked for only where one of these stands. */
const penaltyHint = /пен|штраф|неустойк|овердрафт|penalt|late|overdraft|fine/i;
const gatewayWords = anyOf("эквайринг*, acquiring, stripe, paypal, square, sumup, adyen, worldpay, юкасса, yookassa, robokassa, cloudpayments, klarna, mollie, gocardless");

const natureBits = { tax: 1, payroll: 2, fee: 4, penalty: 8, bound: 16 } as const;

/** What rows are by nature, as bits: by their kind, the words of their category's name and, for penalties, of their description. One pass. */
export function naturesOf({ rows, categories }: AdviceBooks, category: Int32Array): Uint8Array {
  const ofCategory = categories.map(({ name }) => (taxWords.test(name) ? natureBits.tax : 0) | (payrollWords.test(name) ? natureBits.payroll : 0) | (feeWords.test(name) ? natureBits.fee : 0) | (boundWords.test(name) ? natureBits.bound : 0));
  const natures = new Uint8Array(rows.length);
  for (const [row, { kind, amountMinor, description }] of rows.entries()) {
    const ofKind = kind === "tax" || kind === "payroll" || kind === "fee" ? natureBits[kind] : 0;
    const isPenaltyRow = amountMinor < 0 && penaltyHint.test(description) && penaltyWords.test(description);
    natures[row] = ofKind | (ofCategory[category[row] ?? -1] ?? 0) | (isPenaltyRow ? natureBits.penalty : 0);
  }
  return natures;
}

function has({ nature }: AdviceLedger, row: number, bit: number): boolean {
  return ((nature[row] ?? 0) & bit) !== 0;
}

/** True for rows that pay taxes. */
export function isTax(ledger: AdviceLedger, row: number): boolean {
  return has(ledger, row, natureBits.tax);
}

/** True for rows that pay people. */
export function isPayroll(ledger: AdviceLedger, row: number): boolean {
  return has(ledger, row, natureBits.payroll);
}

/** True for fees of banks and of taking cards. */
export function isFee(ledger: AdviceLedger, row: number): boolean {
  return has(ledger, row, natureBits.fee);
}

/** True for what is paid because something else was late or missing. */
export function isPenalty(ledger: AdviceLedger, row: number): boolean {
  return has(ledger, row, natureBits.penalty);
}

/** True for one who passes on the payments of many: its share says nothing about one client. */
export function isGateway({ name }: Party): boolean {
  return gatewayWords.test(name);
}

/** True for an expense category advice may ask to spend less on: not taxes, not people, not fees, which have their own. */
export function isCutByRules(ledger: AdviceLedger, { kind, name }: AdviceCategory, place: number): boolean {
  if (kind !== "expense" || [taxWords, payrollWords, feeWords].some((words) => words.test(name))) return false;
  let [all, other] = [0, 0];
  for (const row of ledger.byCategory[place] ?? []) {
    if ((ledger.amount[row] ?? 0) >= 0) continue;
    all += 1;
    if (isTax(ledger, row) || isPayroll(ledger, row) || isFee(ledger, row)) other += 1;
  }
  return all > 0 && other < mostly * all;
}

/** True for a counterparty money is paid to for something that can be bargained about. */
export function isVendor(ledger: AdviceLedger, { rows }: Pick<Party, "rows">): boolean {
  const paid = rows.filter((row) => (ledger.amount[row] ?? 0) < 0);
  const fixed = paid.filter((row) => isTax(ledger, row) || isPayroll(ledger, row));
  return paid.length > 0 && fixed.length < mostly * paid.length;
}

/** True for one most of what is paid to is rent, a lease or a loan. */
export function isBoundTo(ledger: AdviceLedger, { rows }: Pick<Party, "rows">): boolean {
  const paid = rows.filter((row) => (ledger.amount[row] ?? 0) < 0);
  return paid.filter((row) => has(ledger, row, natureBits.bound)).length > mostly * paid.length;
}
