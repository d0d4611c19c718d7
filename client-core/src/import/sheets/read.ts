import { SaldoError } from "@saldo/schema";
import { importLimits } from "../limits.ts";
import type { ReadBatch, SheetUnderstanding } from "../model.ts";
import { isEmpty, newSink, type RowSink } from "../sink.ts";
import { createTableReader } from "../table/postings.ts";
import type { Workbook } from "./workbook.ts";

/** Reads the rows of the understood sheets batch by batch, sheet after sheet, holding one row and one batch at a time. */
export function* readSheets(workbook: Workbook, understanding: SheetUnderstanding, batchRows: number, cellsOf: readonly number[] = []): Generator<ReadBatch, void, void> {
  const table = createTableReader(understanding, cellsOf);
  const width = understanding.columns.length;
  const leavesHidden = understanding.hiddenRows?.value === "leave";
  let records = 0;
  for (const { sheet: name, dataLine } of understanding.parts) {
    const sheet = workbook.sheets.find((candidate) => candidate.name === name);
    if (sheet === undefined) throw new SaldoError("import.archive_damaged", { sheet: name });
    const part = understanding.parts.length > 1 ? name : undefined;
    let sink = newSink();
    let inBatch = 0;
    for (const { line, cells, isHidden } of sheet.rows()) {
      if (line < dataLine) continue;
      records += 1;
      if (records > importLimits.recordsMax) throw new SaldoError("import.too_many_rows", { sheet: name, recordsMax: importLimits.recordsMax });
      if (leavesHidden && isHidden) sink.skipped.push({ line, reasonCode: "hidden_row" });
      else table.read(cells.length < width ? padded(cells, width) : cells, line, sink);
      inBatch += 1;
      if (inBatch < batchRows) continue;
      yield batchOf(sink, part, workbook.bytesRead);
      sink = newSink();
      inBatch = 0;
    }
    table.end(sink);
    if (!isEmpty(sink)) yield batchOf(sink, part, workbook.bytesRead);
  }
}

function padded(cells: readonly string[], width: number): readonly string[] {
  const whole = [...cells];
  while (whole.length < width) whole.push("");
  return whole;
}

function batchOf(sink: RowSink, part: string | undefined, bytesRead: number): ReadBatch {
  if (part === undefined) return { ...sink, bytesRead };
  return { ...sink, refused: sink.refused.map((line) => ({ ...line, part })), skipped: sink.skipped.map((line) => ({ ...line, part })), bytesRead };
}
