import type { CsvUnderstanding, Question, UnderstoodTable } from "../model.ts";
import { fixedWidth } from "./fixed-width.ts";
import type { LinedRecord } from "../table/record.ts";

type TextStyle = Pick<CsvUnderstanding, "encoding" | "delimiter">;

/** What to ask about the text around a table: before the table's own questions the encoding and the delimiter, after them amounts that look cut in two. */
export function questionsAboutText(
  text: TextStyle,
  table: UnderstoodTable,
  data: readonly LinedRecord[],
  askBelow: number,
): { readonly before: readonly Question[]; readonly after: readonly Question[] } {
  const before: Question[] = [];
  const { encoding, delimiter } = text;
  if (encoding.confidence < askBelow) {
    before.push({ code: "encoding", answerKey: "encoding", options: ["utf-8", "windows-1250", "windows-1251", "windows-1252", "ibm866"], chosen: encoding.value, confidence: encoding.confidence, reason: encoding.reason });
  }
  if (delimiter.confidence < askBelow) {
    before.push({ code: "delimiter", answerKey: "delimiter", options: [",", ";", "\t", "|", ...(delimiter.value === fixedWidth ? [fixedWidth] : [])], chosen: delimiter.value, confidence: delimiter.confidence, reason: delimiter.reason });
  }
  const split = delimiter.value === "," ? splitAmount(table, data) : undefined;
  if (split === undefined) return { before, after: [] };
  return { before, after: [{ code: "amount_split", answerKey: "delimiter", options: [";", "\t"], chosen: ",", confidence: 0.2, reason: { code: "amount_split", params: { column: split } } }] };
}

/** `12,50` without quotes in a comma file becomes two cells: rows one cell wider than the header, whole amounts, two digits in the next cell. */
function splitAmount(understood: UnderstoodTable, data: readonly LinedRecord[]): string | undefined {
  const named = understood.columns.filter((column) => column.name !== "").length;
  for (const column of understood.columns) {
    if (column.role !== "amount" && column.role !== "debit" && column.role !== "credit") continue;
    const wide = data.filter(({ cells }) => cells.length > named && /^-?\d+$/.test((cells[column.index] ?? "").trim()));
    const cut = wide.filter(({ cells }) => /^\d{2}$/.test((cells[column.index + 1] ?? "").trim()));
    if (named > 0 && cut.length >= Math.max(1, data.length * 0.5)) return column.name;
  }
  return undefined;
}
