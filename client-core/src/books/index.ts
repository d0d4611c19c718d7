export { openBooks, systemEnvironment, type Books, type BooksEnvironment } from "./books.ts";
export { importFile, listedLinesMax, undoUnfinishedImport, type ImportOptions, type ImportProgress, type ImportSummary } from "./import-file.ts";
export type { EditHistory, Reverted, UndoState, UndoStep } from "./undo.ts";
export { discardRejections, openRejections, retryRejection, type OpenRejection, type RejectedField } from "./rejections.ts";
