import { plainWords } from "./words.ts";

/** Documents of an accounting program that only promise money. */
const promises = new Set([
  "invoice", "bill", "estimate", "quote", "sales order", "purchase order", "credit memo", "credit note", "vendor credit", "supplier credit", "bill credit", "statement charge", "delayed charge", "delayed credit", "time charge", "item receipt", "inventory qty adjust",
]);
/** Payments by which promises are settled: they stand in the same list when it counts both. */
const settlements = /^(?:payment|receive payment|bill payment(?: check| credit card| cheque)?|bill pmt(?: check| ccard)?|invoice payment|supplier payment|vendor payment)$/;

/** True when a cell names a document that moved no money. */
export function isPromise(text: string): boolean {
  return promises.has(plainWords(text));
}

/** True when cells of a column tell documents apart from their payments: counting both would count the money twice. */
export function tellsPromises(cells: ReadonlySet<string>): boolean {
  const plain = [...cells].map(plainWords);
  return plain.some((cell) => promises.has(cell)) && plain.some((cell) => settlements.test(cell));
}
