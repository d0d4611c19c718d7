import type { Decision, SignConvention, UnderstoodColumn } from "../model.ts";
import { plainWords } from "../values/words.ts";
import { signedBy } from "./decide-sign.ts";
import type { Evidence } from "./evidence.ts";

/** Whether the fee of a row is in its amount already (`apart`) or comes off it besides (`taken_off`). */
export type FeeHandling = "apart" | "taken_off";

/** Decides what a fee column does: the balance, where there is one, moves by the amount with or without it; else the names may say. */
export function decideFee(evidence: Evidence, columns: readonly UnderstoodColumn[], sign: SignConvention): Decision<FeeHandling> | null {
  const fee = columns.find(({ role }) => role === "fee");
  if (fee === undefined) return null;
  const decided = (value: FeeHandling, confidence: number, code: string, more: Readonly<Record<string, number>> = {}): Decision<FeeHandling> => ({
    value,
    confidence,
    reason: { code, params: { name: fee.name, ...more } },
  });
  if (evidence.signs.fees === 0) return decided("apart", 0.95, "fee_none");
  const { plain, less } = stepsWithFees(evidence, sign);
  if (less > plain) return decided("taken_off", less >= 2 ? 0.97 : 0.9, "fee_by_balance", { steps: less });
  if (plain > less) return decided("apart", plain >= 2 ? 0.97 : 0.9, "fee_in_balance", { steps: plain });
  const names = columns.filter(({ role }) => role === "amount" || role === "debit" || role === "credit").map(({ name }) => plainWords(name));
  // What is left of the source after the fee was set apart: the account paid both.
  if (names.some((name) => name === "source amount after fees")) return decided("taken_off", 0.9, "fee_beside_source");
  if (names.some((name) => /(?:^| )(?:net|after fees?|netto|нетто|с учетом комиссии|за вычетом комиссии|к перечислению|к зачислению|к выплате|сумма расчета)(?: |$)/.test(name))) return decided("apart", 0.95, "fee_net_amount");
  if (names.some((name) => /(?:^| )(?:gross|before fees?|brutto|брутто|без комиссии|без учета комиссии)(?: |$)/.test(name))) return decided("taken_off", 0.9, "fee_gross_amount");
  return decided("apart", 0.6, "fee_unclear", { fees: evidence.signs.fees });
}

/** Balance steps of records with a fee that agree with the amount alone and with the amount less the fee, in the better file order. */
function stepsWithFees({ chain }: Evidence, sign: SignConvention): { plain: number; less: number } {
  const counts = { forward: { plain: 0, less: 0 }, back: { plain: 0, less: 0 } };
  for (let at = 1; at < chain.length; at += 1) {
    const [before, after] = [chain[at - 1], chain[at]];
    if (before === undefined || after === undefined || Number.isNaN(before.balance) || Number.isNaN(after.balance)) continue;
    const delta = after.balance - before.balance;
    for (const [order, entry, moved] of [["forward", after, delta], ["back", before, -delta]] as const) {
      if (entry.fee === 0) continue;
      const amount = signedBy(sign, entry);
      if (moved === amount) counts[order].plain += 1;
      else if (moved === amount - Math.abs(entry.fee)) counts[order].less += 1;
    }
  }
  const { forward, back } = counts;
  return forward.plain + forward.less >= back.plain + back.less ? forward : back;
}
