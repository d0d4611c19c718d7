export { bookExport, type BookExport, type ExportFilter } from "./book-rows.ts";
export { exportRows, type ExportRequest, type ExportSummary } from "./export-rows.ts";
export { exportFormats, type ExportFormat, type ExportRow, type ExportStatement } from "./model.ts";
export { zipped, type ZippedFile } from "./zip.ts";
