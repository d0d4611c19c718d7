export { openBooks, systemEnvironment, type Books, type BooksEnvironment } from "./books.ts";
export { importFile, listedLinesMax, undoUnfinishedImport, type ImportOptions, type ImportProgress, type ImportSummary } from "./import-file.ts";
