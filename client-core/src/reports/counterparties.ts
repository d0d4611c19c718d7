import { compareBytewise, type Minor, type ReportDays } from "@saldo/schema";
import { isTransferIn, type Books } from "./books.ts";

/** A counterparty by the name the bank gave, and its money in some days. */
export interface Counterparty {
  readonly name: string;
  readonly amountMinor: Minor;
}

/** The counterparty that brought most and the one that took most in some days, both included; transfers and nameless rows left out. */
export async function largestCounterparties(books: Books, days: ReportDays): Promise<{ readonly customer: Counterparty | undefined; readonly supplier: Counterparty | undefined }> {
  const names = await books.ledger.counterpartiesOf(books.currency, days, isTransferIn(books));
  let customer: Counterparty | undefined;
  let supplier: Counterparty | undefined;
  for (const [name, { inMinor, outMinor }] of names) {
    if (name === null) continue;
    customer = larger(customer, { name, amountMinor: inMinor });
    supplier = larger(supplier, { name, amountMinor: outMinor });
  }
  return { customer, supplier };
}

/** The one with more money; of two with the same, the first by name in byte order. */
function larger(one: Counterparty | undefined, other: Counterparty): Counterparty | undefined {
  if (other.amountMinor <= 0) return one;
  if (one === undefined || other.amountMinor > one.amountMinor) return other;
  return other.amountMinor === one.amountMinor && compareBytewise(other.name, one.name) < 0 ? other : one;
}
