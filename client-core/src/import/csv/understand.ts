import { askBelowConfidence, importLimits } from "../limits.ts";
import type { CsvUnderstanding, ImportHints } from "../model.ts";
import type { LinedRecord } from "../table/record.ts";
import { understandTable } from "../table/understand.ts";
import { chooseEncoding } from "../text/encoding.ts";
import { TextPieces } from "../text/pieces.ts";
import { isCardReport, textOf } from "./card-report.ts";
import { datevJournal, findDatev, withYear } from "./datev.ts";
import { chooseDialect, recordsOf } from "./dialect.ts";
import { questionsAboutText } from "./questions.ts";
import { RecordReader, type TextSource } from "./records.ts";
import type { FileBytes } from "../../file-bytes.ts";

/**
 * Looks at the bytes of a CSV or TSV file and decides how to read it; nothing is saved. Answers in the hints overrule our judgement.
 * Throws a catalogue error when the bytes are empty or damaged, or when no delimiter makes a table of them.
 */
export function understandCsv(bytes: FileBytes, hints: ImportHints = {}): CsvUnderstanding {
  const answers = hints.answers ?? {};
  const { encoding, bomBytes } = chooseEncoding(bytes, answers.encoding);
  const openPieces = (pieceBytesMax?: number): TextPieces => new TextPieces(bytes, encoding.value, bomBytes, pieceBytesMax);
  const printed = openPieces(importLimits.dialectBytesMax).next();
  const isReport = answers.delimiter === undefined && isCardReport(printed);
  const openText = (pieceBytesMax?: number): TextSource => textOf(openPieces(pieceBytesMax), isReport);
  const head = isReport ? openText(importLimits.dialectBytesMax).next() : printed;
  const { delimiter, quote, dialect } = chooseDialect(head, answers.delimiter);
  const announced = /^\ufeff?sep=.\r?\n/i.test(head);
  const { records: found } = recordsOf(openText(), dialect, importLimits.profileRecordsMax);
  const datev = findDatev(found[0]?.cells);
  const yearless = datev?.yearless ?? null;
  const records = yearless === null ? found : found.map(({ line, cells }) => ({ line, cells: withYear(cells, yearless) }));
  const openFrom = (line: number) => {
    const reader = new RecordReader(openText(), dialect);
    return (): LinedRecord | undefined => {
      let cells = reader.next();
      while (cells !== undefined && reader.line < line) cells = reader.next();
      return cells === undefined ? undefined : { line: reader.line, cells: yearless === null ? cells : withYear(cells, yearless) };
    };
  };
  const journal = datev === null ? undefined : datevJournal(datev, openFrom(0), answers.ownAccounts);
  const { table, data } = understandTable({ records: announced ? records.slice(1) : records, openFrom, sampleText: head, journal }, hints);
  const text = { encoding, bomBytes, lineEnd: lineEndOf(printed), delimiter, cuts: dialect.cuts ?? null, quote, wrapped: dialect.wrapped ?? false, isReport, yearless };
  const { before, after } = questionsAboutText(text, table, data, askBelowConfidence);
  return { format: "csv", ...text, ...table, questions: [...before, ...table.questions, ...after] };
}

function lineEndOf(head: string): CsvUnderstanding["lineEnd"] {
  const crlf = head.split("\r\n").length - 1;
  const lf = head.split("\n").length - 1 - crlf;
  const cr = head.split("\r").length - 1 - crlf;
  if ([crlf, lf, cr].filter((count) => count > 0).length > 1) return "mixed";
  return crlf > 0 ? "CRLF" : cr > 0 ? "CR" : "LF";
}
