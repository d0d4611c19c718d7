import { SaldoError } from "@saldo/schema";
import { wholeOf, type FileBytes } from "../../file-bytes.ts";
import { isSpreadsheetXml } from "../format/recognise.ts";
import { importLimits } from "../limits.ts";
import type { SheetUnderstanding } from "../model.ts";
import { openOds } from "./ods/open.ts";
import type { Workbook } from "./workbook.ts";
import { openXls } from "./xls/open.ts";
import { openXlsx } from "./xlsx/open.ts";
import { openSpreadsheetXml } from "./xml2003/open.ts";

/** Opens a workbook by its format; see the readers for what they throw. Only a legacy XLS is held whole, within its limit. */
export function openWorkbook(bytes: FileBytes, format: SheetUnderstanding["format"]): Workbook {
  switch (format) {
    case "xlsx":
      return openXlsx(bytes);
    case "xls":
      return isSpreadsheetXml(bytes) ? openSpreadsheetXml(bytes) : openLegacy(bytes);
    case "ods":
      return openOds(bytes);
  }
}

function openLegacy(file: FileBytes): Workbook {
  const { xlsBytesMax } = importLimits;
  if (file.byteLength > xlsBytesMax) throw new SaldoError("import.file_too_large", { fileBytes: file.byteLength, fileBytesMax: xlsBytesMax });
  return openXls(wholeOf(file));
}
