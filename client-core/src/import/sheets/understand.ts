import { askBelowConfidence, importLimits } from "../limits.ts";
import type { Decision, ImportHints, Question, SheetPart, SheetUnderstanding } from "../model.ts";
import { findHeader } from "../table/header.ts";
import type { LinedRecord } from "../table/record.ts";
import { understandTable } from "../table/understand.ts";
import { chooseSheets, type SheetChoice, type SheetGlance } from "./choose.ts";
import type { Sheet, Workbook } from "./workbook.ts";

/**
 * Chooses the sheets of a workbook and decides how to read them; nothing is saved. Answers in the hints overrule our judgement. Throws
 * `import.empty_workbook` and the errors of the format.
 */
export function understandWorkbook(workbook: Workbook, hints: ImportHints = {}): SheetUnderstanding {
  const answers = hints.answers ?? {};
  const choice = chooseSheets(workbook, answers.sheets);
  const [first, ...others] = choice.chosen;
  if (first === undefined) throw new Error("a choice of no sheet");
  const hidden = { rows: 0, seen: 0 };
  const records = firstRecords(first.sheet, hidden);
  const openFrom = (line: number) => rowsFrom(first.sheet, line, hidden);
  const sampleText = records.slice(0, 200).map(({ cells }) => cells.join(" ")).join("\n");
  const { table } = understandTable({ records, openFrom, sampleText }, hints);
  const parts = [partOf(first, table.headerLine.value, table.dataLine), ...others.map((glance) => otherPart(glance))];
  const hiddenRows = decideHiddenRows(hidden, answers.hiddenRows);
  return {
    format: workbook.format,
    ...table,
    sheets: choice.decision,
    sheetNames: choice.glances.map(({ sheet, transactions }) => ({ name: sheet.name, transactions })),
    parts,
    hiddenRows,
    questions: [...questionsAboutSheets(choice), ...table.questions, ...questionsAboutHidden(hiddenRows)],
  };
}

function firstRecords(sheet: Sheet, hidden: { rows: number; seen: number }): LinedRecord[] {
  const records: { line: number; cells: string[] }[] = [];
  for (const { line, cells, isHidden } of sheet.rows()) {
    hidden.seen += 1;
    if (isHidden) hidden.rows += 1;
    records.push({ line, cells: [...cells] });
    if (records.length >= importLimits.profileRecordsMax) break;
  }
  const width = Math.max(0, ...records.map(({ cells }) => cells.length));
  for (const { cells } of records) while (cells.length < width) cells.push("");
  return records;
}

function rowsFrom(sheet: Sheet, line: number, hidden: { rows: number; seen: number }): () => LinedRecord | undefined {
  const counted = hidden.seen;
  const rows = sheet.rows()[Symbol.iterator]();
  let seen = 0;
  return () => {
    for (;;) {
      const row = rows.next();
      if (row.done === true) return undefined;
      seen += 1;
      if (seen > counted) {
        hidden.seen += 1;
        if (row.value.isHidden) hidden.rows += 1;
      }
      if (row.value.line >= line) return { line: row.value.line, cells: row.value.cells };
    }
  };
}

function partOf({ sheet }: SheetGlance, headerLine: number | null, dataLine: number): SheetPart {
  return { sheet: sheet.name, headerLine, dataLine };
}

function otherPart(glance: SheetGlance): SheetPart {
  const start = findHeader(glance.records, undefined);
  return partOf(glance, start.headerLine.value, glance.records[start.dataIndex]?.line ?? 1);
}

/** Rows a person hid are rows still; whether they count is theirs to say. */
function decideHiddenRows(hidden: { rows: number; seen: number }, answer: "read" | "leave" | undefined): Decision<"read" | "leave"> | null {
  if (hidden.rows === 0) return null;
  const params = { hidden: hidden.rows, rows: hidden.seen };
  if (answer !== undefined) return { value: answer, confidence: 1, reason: { code: "you_said", params: {} } };
  return { value: "read", confidence: 0.7, reason: { code: "hidden_rows", params } };
}

function questionsAboutSheets({ decision, glances }: SheetChoice): Question[] {
  if (decision.confidence >= askBelowConfidence) return [];
  const options = glances.map(({ sheet }) => sheet.name);
  return [{ code: "sheet", answerKey: "sheets", options, chosen: decision.value[0] ?? "", confidence: decision.confidence, reason: decision.reason }];
}

function questionsAboutHidden(decision: Decision<"read" | "leave"> | null): Question[] {
  if (decision === null || decision.confidence >= askBelowConfidence) return [];
  return [{ code: "hidden_rows", answerKey: "hiddenRows", options: ["read", "leave"], chosen: decision.value, confidence: decision.confidence, reason: decision.reason }];
}
