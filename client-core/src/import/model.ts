export { signConventions } from "./model/decisions.ts";
export type { Answers, ColumnRole, DateOrder, DecimalStyle, Decision, ImportHints, OuterLineHandling, Question, Reason, SignConvention, TextEncoding, UnderstoodColumn } from "./model/decisions.ts";
export type { ReadBatch, ReadRow, Refusal, RefusalCode, RowKind, SampleRow, SkipCode, SkippedLine } from "./model/rows.ts";
export type { ArchiveUnderstanding, CamtUnderstanding, CsvUnderstanding, Journal, Mt940Understanding, OfxUnderstanding, OneCUnderstanding, OuterLines, QifUnderstanding, SheetPart, SheetUnderstanding, StatementFacts, Understanding, UnderstoodExchange, UnderstoodFile, UnderstoodTable, YearlessDates } from "./model/understanding.ts";
