import { isSpreadsheetXml } from "../format/recognise.ts";
import type { SheetUnderstanding } from "../model.ts";
import { openOds } from "./ods/open.ts";
import type { Workbook } from "./workbook.ts";
import { openXls } from "./xls/open.ts";
import { openXlsx } from "./xlsx/open.ts";
import { openSpreadsheetXml } from "./xml2003/open.ts";

/** Opens a workbook by its format; see the readers for what they throw. */
export function openWorkbook(bytes: Uint8Array, format: SheetUnderstanding["format"]): Workbook {
  switch (format) {
    case "xlsx":
      return openXlsx(bytes);
    case "xls":
      return isSpreadsheetXml(bytes) ? openSpreadsheetXml(bytes) : openXls(bytes);
    case "ods":
      return openOds(bytes);
  }
}
