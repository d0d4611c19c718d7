import type { Answers, ColumnRole, Decision, Question, UnderstoodTable } from "../model.ts";

/** Accounts of a journal that are offered. */
const accountOptionsMax = 20;

/** The questions to ask about a table: one for each decision below the threshold. `accounts` are those of a journal, likely ones first. */
export function questionsAbout(
  understood: Omit<UnderstoodTable, "questions" | "sample">,
  accounts: readonly string[],
  askBelow: number,
): Question[] {
  const questions: Question[] = [];
  const ask = (code: Question["code"], answerKey: keyof Answers, decision: Decision<string | number | null>, options: readonly string[]): void => {
    if (decision.confidence >= askBelow) return;
    const chosen = decision.value === null ? "" : String(decision.value);
    questions.push({ code, answerKey, options, chosen, confidence: decision.confidence, reason: decision.reason });
  };
  ask("header", "headerLine", understood.headerLine, []);
  if (understood.outer !== null) ask("outer_lines", "outerLines", understood.outer.handling, ["leave", "read"]);
  if (understood.journal !== null) {
    const { value, ...own } = understood.journal.own;
    ask("own_accounts", "ownAccounts", { ...own, value: value[0] ?? "" }, accounts.slice(0, accountOptionsMax));
  }
  ask("date_order", "dateOrder", understood.dateOrder, ["DMY", "MDY", "YMD"]);
  ask("decimal", "decimal", understood.decimalStyle, [".", ","]);
  ask("sign", "sign", understood.sign, signOptions(understood));
  if (understood.fee !== null) ask("fee", "fee", understood.fee, ["apart", "taken_off"]);
  ask("currency", "currency", understood.currency, [understood.currency.value]);
  for (const column of understood.columns) {
    const isNeeded = column.role === "date" || column.role === "amount" || column.role === "debit" || column.role === "credit";
    if (isNeeded && column.confidence < 0.6) {
      questions.push({ code: "column", answerKey: "columns", options: [], chosen: `${column.index}:${column.role}`, confidence: column.confidence, reason: column.reason });
    }
  }
  for (const role of understood.missing) {
    questions.push({ code: "column", answerKey: "columns", options: [], chosen: `:${role}`, confidence: 0, reason: { code: "column_missing", params: { role } } });
  }
  return questions;
}

function signOptions(understood: Omit<UnderstoodTable, "questions" | "sample">): readonly string[] {
  const has = (role: ColumnRole): boolean => understood.columns.some((column) => column.role === role);
  if (has("debit") || has("credit")) return ["debit_credit", "debit_credit_inverted"];
  return [...(has("direction") ? ["direction_column", "direction_column_inverted"] : []), "signed", "signed_inverted", "expense_list", "income_list"];
}
