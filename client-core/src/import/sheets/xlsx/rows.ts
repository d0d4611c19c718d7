import { SaldoError } from "@saldo/schema";
import { importLimits } from "../../limits.ts";
import type { XmlReader } from "../../xml/reader.ts";
import type { NumberWriter } from "../cell-text.ts";
import { builtInFormat, type NumberFormat } from "../number-format.ts";
import { uncalculated } from "../../values/words.ts";
import type { SheetRow } from "../workbook.ts";
import { richText } from "./shared-strings.ts";

/** What the cells of a sheet refer to. */
export interface CellContext {
  readonly sheetName: string;
  readonly styles: readonly NumberFormat[];
  readonly texts: readonly string[];
  readonly writeNumber: NumberWriter;
}

const general = builtInFormat(0);

/** The rows of a worksheet part, one at a time. Throws `import.too_many_columns` and `import.cell_too_long` with sheet and row. */
export function* readSheetRows(xml: XmlReader, context: CellContext): Generator<SheetRow, void, void> {
  let line = 0;
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (token !== "open") continue;
    if (xml.name === "row") {
      const number = Number(xml.attribute("r"));
      line = number > 0 ? number : line + 1;
      const isHidden = isTrue(xml.attribute("hidden"));
      yield { line, cells: readCells(xml, context, line), isHidden };
    } else if (xml.name !== "worksheet" && xml.name !== "sheetData") xml.skip();
  }
}

function readCells(xml: XmlReader, context: CellContext, line: number): string[] {
  const cells: string[] = [];
  let next = 0;
  for (;;) {
    const token = xml.next();
    if (token === "close" && xml.name === "row") return cells;
    if (token === "end") return cells;
    if (token !== "open") continue;
    if (xml.name !== "c") {
      xml.skip();
      continue;
    }
    const reference = xml.attribute("r");
    const column = reference === undefined ? next : columnOf(reference);
    next = column + 1;
    const text = readCell(xml, context);
    if (text === "") continue;
    if (column >= importLimits.columnsMax) throw new SaldoError("import.too_many_columns", { sheet: context.sheetName, line, columnsMax: importLimits.columnsMax });
    if (text.length > importLimits.cellCharsMax) throw new SaldoError("import.cell_too_long", { sheet: context.sheetName, line, cellCharsMax: importLimits.cellCharsMax });
    while (cells.length < column) cells.push("");
    cells[column] = text;
  }
}

/** The column of a reference, from 0: `B7` is 1. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) & ~32;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}

function readCell(xml: XmlReader, context: CellContext): string {
  const type = xml.attribute("t");
  const style = xml.attribute("s");
  const depth = xml.depth;
  let value = "";
  let hasFormula = false;
  for (;;) {
    const token = xml.next();
    if (token === "close" && xml.depth < depth) break;
    if (token === "end") break;
    if (token !== "open") continue;
    if (xml.name === "v") value = xml.innerText();
    else if (xml.name === "is") value = richText(xml);
    else {
      hasFormula ||= xml.name === "f";
      xml.skip();
    }
  }
  if (value === "") return hasFormula && type !== "str" ? uncalculated : "";
  return typedText(value, type, style === undefined ? general : (context.styles[Number(style)] ?? general), context);
}

function typedText(value: string, type: string | undefined, format: NumberFormat, context: CellContext): string {
  switch (type) {
    case undefined:
    case "n":
      return context.writeNumber(value, format);
    case "s":
      return context.texts[Number(value)] ?? "";
    case "b":
      return value === "1" ? "TRUE" : "FALSE";
    case "d":
      return value.replace(/T00:00:00(?:\.0+)?Z?$/, "").replace("T", " ");
    default:
      return value;
  }
}

/** An XML boolean. */
export function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true";
}
