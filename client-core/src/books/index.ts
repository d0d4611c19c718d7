export { openBooks, systemEnvironment, type Books, type BooksEnvironment } from "./books.ts";
export { changesSinceImport, undoImport, type ChangedRow, type ChangesSinceImport } from "./import/changes-since.ts";
export { findDoubles, type DoubledRow } from "./import/doubles.ts";
export type { ImportDecisions, RowChoice } from "./import/decisions.ts";
export { importFile, undoUnfinishedImport, type ImportOptions, type ImportProgress, type ImportSummary } from "./import-file.ts";
export { listedLinesMax, planImport, type ComparedRow, type ImportPlan } from "./import/plan-import.ts";
export { forgetMapping, understandInBooks, type SavedMapping, type UnderstoodInBooks } from "./saved-mapping.ts";
export type { EditHistory, Reverted, UndoState, UndoStep } from "./undo.ts";
export { discardRejections, openRejections, retryRejection, type OpenRejection, type RejectedField } from "./rejections.ts";
