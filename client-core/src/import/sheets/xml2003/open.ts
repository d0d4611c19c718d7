import type { FileBytes } from "../../../file-bytes.ts";
import { importLimits } from "../../limits.ts";
import { XmlReader, xmlText } from "../../xml/reader.ts";
import { fillMerged, type MergedCells } from "../merged.ts";
import { readNumberFormat, type NumberFormat } from "../number-format.ts";
import type { Sheet, Workbook } from "../workbook.ts";
import { placeOf, readXmlRows } from "./rows.ts";

/** Bytes decoded at a time. */
const pieceBytes = 256 * 1024;

/**
 * Opens an XML Spreadsheet 2003, which banks and accounting programs write and name `.xls`: one text, walked once for sheets and styles and
 * again for the rows of each sheet. Throws `import.xml_damaged` and the limits of rows and cells.
 */
export function openSpreadsheetXml(bytes: FileBytes): Workbook {
  let bytesRead = 0;
  const open = (): XmlReader => new XmlReader(xmlText(pieces(bytes, (offset) => (bytesRead = offset))), "Workbook");
  const { sheets, formats } = survey(open());
  return {
    format: "xls",
    get bytesRead() {
      return bytesRead;
    },
    sheets: sheets.slice(0, importLimits.sheetsMax).map(({ name, isHidden, merged }, index): Sheet => ({ name, isHidden, rows: () => fillMerged(readXmlRows(open(), index, name, formats), merged) })),
  };
}

function* pieces(file: FileBytes, onRead: (offset: number) => void): Generator<Uint8Array, void, void> {
  for (let from = 0; from < file.byteLength; from += pieceBytes) {
    const to = Math.min(file.byteLength, from + pieceBytes);
    yield file.subarray(from, to);
    onRead(to);
  }
}

interface XmlSheet {
  readonly name: string;
  isHidden: boolean;
  readonly merged: MergedCells[];
}

/** Names and merged cells of all sheets, and the number formats of the styles by their ids. */
function survey(xml: XmlReader): { readonly sheets: readonly XmlSheet[]; readonly formats: ReadonlyMap<string, NumberFormat> } {
  const sheets: XmlSheet[] = [];
  const formats = new Map<string, NumberFormat>();
  let style = "";
  let [line, column] = [0, 0];
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (token !== "open") continue;
    const sheet = sheets.at(-1);
    if (xml.name === "Style") style = xml.attribute("ID") ?? "";
    else if (xml.name === "NumberFormat" && formats.size < importLimits.cellStylesMax) formats.set(style, formatNamed(xml.attribute("Format") ?? ""));
    else if (xml.name === "Worksheet") {
      sheets.push({ name: xml.attribute("Name") ?? "", isHidden: false, merged: [] });
      line = 0;
    } else if (xml.name === "Visible" && sheet !== undefined) sheet.isHidden = xml.innerText().trim() !== "SheetVisible";
    else if (xml.name === "Row") {
      line = placeOf(xml, line + 1);
      column = 0;
    } else if (xml.name === "Cell" && sheet !== undefined) {
      column = placeOf(xml, column + 1);
      const down = Number(xml.attribute("MergeDown") ?? 0);
      if (down > 0 && sheet.merged.length < importLimits.mergedCellsMax) sheet.merged.push({ column: column - 1, top: line, bottom: line + down });
      column += Number(xml.attribute("MergeAcross") ?? 0) || 0;
    }
  }
  return { sheets, formats };
}

/** Formats go by names as well as by codes. */
function formatNamed(format: string): NumberFormat {
  if (/^(?:Fixed|Standard|Currency|Euro Currency)$/i.test(format)) return { kind: "number", currency: /euro/i.test(format) ? "EUR" : null, isAmount: true };
  if (/ Date$/i.test(format)) return { kind: "date", currency: null, isAmount: false };
  return readNumberFormat(format);
}
