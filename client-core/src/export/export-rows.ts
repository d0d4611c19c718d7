import { csvWriter } from "./csv.ts";
import { utf8Bytes, windows1251Bytes, type TextBytes } from "./encode.ts";
import type { ExportFormat, ExportRow, ExportStatement, FormatWriter } from "./model.ts";
import { ofxWriter } from "./ofx.ts";
import { oneCWriter } from "./one-c.ts";
import { exportXlsx } from "./xlsx.ts";

/** What is exported and how. */
export interface ExportRequest {
  readonly format: ExportFormat;
  readonly statements: readonly ExportStatement[];
  /** The rows of a statement, batch by batch, in the order of their days. */
  readonly rowsOf: (statement: ExportStatement) => AsyncIterable<readonly ExportRow[]>;
  /** `YYYY-MM-DD`: the day of the export. */
  readonly exportedOn: string;
  readonly locale: "en" | "ru";
  /** 1C text only: UTF-8 keeps every letter, windows-1251 is what every 1C reads. */
  readonly encoding?: "utf-8" | "windows-1251";
}

/** What an export came to. */
export interface ExportSummary {
  readonly rows: number;
  /** Characters the encoding does not have, written as `?`. */
  readonly replaced: number;
}

/**
 * Writes rows as a file of a format, in pieces of one batch; the summary is what the generator returns. Read back by our import, rows are
 * equal in all the format carries. Throws `export.currency_not_carried`.
 */
export function exportRows(request: ExportRequest): AsyncGenerator<Uint8Array, ExportSummary, void> {
  const { format } = request;
  return format === "xlsx" ? exportXlsx(request) : exportText(request, writerOf({ ...request, format }));
}

async function* exportText(request: ExportRequest, writer: FormatWriter): AsyncGenerator<Uint8Array, ExportSummary, void> {
  const bytes: TextBytes = request.format === "1c" && request.encoding !== "utf-8" ? windows1251Bytes() : utf8Bytes();
  let rows = 0;
  yield bytes.encode(writer.begin());
  for (const statement of request.statements) {
    yield bytes.encode(writer.beginStatement(statement));
    for await (const batch of request.rowsOf(statement)) {
      yield bytes.encode(batch.map((row) => writer.row(row, statement)).join(""));
      rows += batch.length;
    }
    yield bytes.encode(writer.endStatement(statement));
  }
  yield bytes.encode(writer.end());
  return { rows, replaced: bytes.replaced };
}

function writerOf({ format, statements, exportedOn, locale, encoding }: ExportRequest & { readonly format: Exclude<ExportFormat, "xlsx"> }): FormatWriter {
  switch (format) {
    case "csv":
      return csvWriter(locale);
    case "ofx":
      return ofxWriter(exportedOn, locale);
    case "1c":
      return oneCWriter(statements, exportedOn, encoding === "utf-8" ? "UTF-8" : "Windows");
  }
}
