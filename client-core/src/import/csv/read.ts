import type { CsvUnderstanding, ReadBatch } from "../model.ts";
import { isEmpty, newSink } from "../sink.ts";
import { TextPieces } from "../text/pieces.ts";
import { textOf } from "./card-report.ts";
import { withYear } from "./datev.ts";
import { RecordReader, type Dialect } from "./records.ts";
import { createTableReader } from "../table/postings.ts";
import type { FileBytes } from "../../file-bytes.ts";

/** The dialect an understanding names. */
export function dialectOf(understanding: Pick<CsvUnderstanding, "delimiter" | "quote" | "wrapped" | "cuts">): Dialect {
  if (understanding.cuts !== null) return { delimiter: "", quote: "", cuts: understanding.cuts };
  const quote = understanding.quote.value;
  return { delimiter: understanding.delimiter.value, quote: quote === "none" ? "" : quote, wrapped: understanding.wrapped };
}

/**
 * Reads the rows of a file batch by batch, holding one piece of text and one batch at a time. Every record after the header is in
 * exactly one list of a batch or counted as blank. Throws the limit and quote errors of `RecordReader`.
 */
export function* readCsvRows(bytes: FileBytes, understanding: CsvUnderstanding, batchRows: number, cellsOf: readonly number[] = []): Generator<ReadBatch, void, void> {
  const pieces = new TextPieces(bytes, understanding.encoding.value, understanding.bomBytes);
  const records = new RecordReader(textOf(pieces, understanding.isReport), dialectOf(understanding));
  const { yearless } = understanding;
  const table = createTableReader(understanding, cellsOf);
  let sink = newSink();
  let inBatch = 0;
  for (let cells = records.next(); cells !== undefined; cells = records.next()) {
    if (records.line < understanding.dataLine) continue;
    table.read(yearless === null ? cells : withYear(cells, yearless), records.line, sink);
    inBatch += 1;
    if (inBatch < batchRows) continue;
    yield { ...sink, bytesRead: pieces.bytesRead };
    sink = newSink();
    inBatch = 0;
  }
  table.end(sink);
  if (!isEmpty(sink)) yield { ...sink, bytesRead: bytes.byteLength };
}
