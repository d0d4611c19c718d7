import type { ColumnRole } from "../model.ts";
import { plainWords } from "../values/words.ts";

/** Names that mean money out and money in only beside each other: alone each is something else. */
const pairs: readonly (readonly [out: string, income: string])[] = [
  ["payment", "deposit"], ["payment", "receipt"], ["charge", "payment"], ["charges", "payments"], ["charge", "credit"], ["payments", "deposits"], ["payments", "receipts"],
  ["decrease", "increase"], ["minus", "plus"], ["out", "in"], ["ut", "inn"], ["ut", "in"], ["sent", "received"],
  ["выдано", "принято"], ["отток", "приток"], ["ушло", "пришло"], ["оплачено", "получено"],
];

/** Debit and credit by column, where two headers stand beside each other that name them only together. */
export function namedPair(names: readonly string[]): ReadonlyMap<number, Extract<ColumnRole, "debit" | "credit">> {
  const plain = names.map(plainWords);
  for (const [out, income] of pairs) {
    const [debit, credit] = [plain.indexOf(out), plain.indexOf(income)];
    if (debit >= 0 && credit >= 0 && Math.abs(debit - credit) === 1) return new Map([[debit, "debit"], [credit, "credit"]]);
  }
  return new Map();
}
