export { understandFile } from "./understand.ts";
export { readRows } from "./read.ts";
export { readingStyle } from "./style.ts";
export { recogniseFile, type FileKind } from "./format/recognise.ts";
export { askBelowConfidence, importLimits } from "./limits.ts";
export { signConventions } from "./model.ts";
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
  StatementFacts,
  TextEncoding,
  Understanding,
  UnderstoodColumn,
} from "./model.ts";
export { slicesOf, wholeOf, type FileBytes } from "../file-bytes.ts";
export { sayReason, sayRefusal, saySkip, type Language } from "./words/reasons.ts";
export { currencyOfAccount } from "./values/currency.ts";
export { guardCell } from "./values/formula-guard.ts";
