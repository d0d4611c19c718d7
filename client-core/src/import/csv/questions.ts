import type { Answers, Decision, Question, CsvUnderstanding } from "../model.ts";
import type { LinedRecord } from "./dialect.ts";

/** The questions to ask: one for each decision below the threshold, and one when amounts look cut in two by the delimiter. */
export function questionsAbout(
  understood: Omit<CsvUnderstanding, "questions" | "sample">,
  data: readonly LinedRecord[],
  askBelow: number,
): Question[] {
  const questions: Question[] = [];
  const ask = (code: Question["code"], answerKey: keyof Answers, decision: Decision<string | number | null>, options: readonly string[]): void => {
    if (decision.confidence >= askBelow) return;
    const chosen = decision.value === null ? "" : String(decision.value);
    questions.push({ code, answerKey, options, chosen, confidence: decision.confidence, reason: decision.reason });
  };
  ask("encoding", "encoding", understood.encoding, ["utf-8", "windows-1251", "windows-1252", "ibm866"]);
  ask("delimiter", "delimiter", understood.delimiter, [",", ";", "\t", "|"]);
  ask("header", "headerLine", understood.headerLine, []);
  ask("date_order", "dateOrder", understood.dateOrder, ["DMY", "MDY", "YMD"]);
  ask("decimal", "decimal", understood.decimalStyle, [".", ","]);
  ask("sign", "sign", understood.sign, signOptions(understood));
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
  const split = splitAmount(understood, data);
  if (split !== undefined) {
    questions.push({ code: "amount_split", answerKey: "delimiter", options: [";", "\t"], chosen: ",", confidence: 0.2, reason: { code: "amount_split", params: { column: split } } });
  }
  return questions;
}

function signOptions(understood: Omit<CsvUnderstanding, "questions" | "sample">): readonly string[] {
  return understood.columns.some((column) => column.role === "debit" || column.role === "credit")
    ? ["debit_credit", "debit_credit_inverted"]
    : ["signed", "signed_inverted", "expense_list", "income_list"];
}

/** `12,50` without quotes in a comma file becomes two cells: rows one cell wider than the header, whole amounts, two digits in the next cell. */
function splitAmount(understood: Omit<CsvUnderstanding, "questions" | "sample">, data: readonly LinedRecord[]): string | undefined {
  if (understood.delimiter.value !== ",") return undefined;
  const named = understood.columns.filter((column) => column.name !== "").length;
  for (const column of understood.columns) {
    if (column.role !== "amount" && column.role !== "debit" && column.role !== "credit") continue;
    const wide = data.filter(({ cells }) => cells.length > named && /^-?\d+$/.test((cells[column.index] ?? "").trim()));
    const cut = wide.filter(({ cells }) => /^\d{2}$/.test((cells[column.index + 1] ?? "").trim()));
    if (named > 0 && cut.length >= Math.max(1, data.length * 0.5)) return column.name;
  }
  return undefined;
}
