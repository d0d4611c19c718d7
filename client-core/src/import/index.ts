export { understandCsv } from "./csv/understand.ts";
export { readCsvRows } from "./csv/read.ts";
export { recogniseFile, type FileKind } from "./format/recognise.ts";
export { askBelowConfidence, importLimits } from "./limits.ts";
export type {
  Answers,
  ColumnRole,
  DateOrder,
  DecimalStyle,
  Decision,
  ImportHints,
  Question,
  ReadBatch,
  ReadRow,
  Reason,
  Refusal,
  RefusalCode,
  SampleRow,
  SignConvention,
  SkipCode,
  SkippedLine,
  TextEncoding,
  Understanding,
  UnderstoodColumn,
} from "./model.ts";
export { sayReason, sayRefusal, saySkip, type Language } from "./words/reasons.ts";
