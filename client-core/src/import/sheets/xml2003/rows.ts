import { SaldoError } from "@saldo/schema";
import { importLimits } from "../../limits.ts";
import { uncalculated } from "../../values/words.ts";
import type { XmlReader } from "../../xml/reader.ts";
import { numberWriter } from "../cell-text.ts";
import type { NumberFormat } from "../number-format.ts";
import type { SheetRow } from "../workbook.ts";

const writeNumber = numberWriter(false);
const general: NumberFormat = { kind: "number", currency: null, isAmount: false };

/** The rows of one sheet, by its place among all. */
export function* readXmlRows(xml: XmlReader, index: number, name: string, formats: ReadonlyMap<string, NumberFormat>): Generator<SheetRow, void, void> {
  let sheet = -1;
  let line = 0;
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (token === "close" && xml.name === "Worksheet" && sheet === index) return;
    if (token !== "open") continue;
    if (xml.name === "Worksheet") {
      sheet += 1;
      if (sheet !== index) xml.skip();
    } else if (xml.name === "Row") {
      line = placeOf(xml, line + 1);
      const isHidden = xml.attribute("Hidden") === "1";
      const cells = readCells(xml, name, line, formats);
      if (cells.length > 0) yield { line, cells, isHidden };
    }
  }
}

function readCells(xml: XmlReader, sheet: string, line: number, formats: ReadonlyMap<string, NumberFormat>): string[] {
  const depth = xml.depth;
  const cells: string[] = [];
  let column = 0;
  for (;;) {
    const token = xml.next();
    if (token === "end" || (token === "close" && xml.depth < depth)) return cells;
    if (token !== "open") continue;
    if (xml.name !== "Cell") {
      xml.skip();
      continue;
    }
    const place = placeOf(xml, column + 1);
    column = place + (Number(xml.attribute("MergeAcross") ?? 0) || 0);
    const text = readCell(xml, formats);
    if (text === "") continue;
    if (place > importLimits.columnsMax) throw new SaldoError("import.too_many_columns", { sheet, line, columnsMax: importLimits.columnsMax });
    if (text.length > importLimits.cellCharsMax) throw new SaldoError("import.cell_too_long", { sheet, line, cellCharsMax: importLimits.cellCharsMax });
    while (cells.length < place - 1) cells.push("");
    cells.push(text);
  }
}

function readCell(xml: XmlReader, formats: ReadonlyMap<string, NumberFormat>): string {
  const depth = xml.depth;
  const format = formats.get(xml.attribute("StyleID") ?? "") ?? general;
  const hasFormula = xml.attribute("Formula") !== undefined;
  let text: string | undefined;
  for (;;) {
    const token = xml.next();
    if (token === "end" || (token === "close" && xml.depth < depth)) return text ?? (hasFormula ? uncalculated : "");
    if (token !== "open") continue;
    if (xml.name !== "Data") xml.skip();
    else text = valueOf(xml.attribute("Type") ?? "String", xml.innerText(), format);
  }
}

function valueOf(type: string, value: string, format: NumberFormat): string {
  if (type === "Number") return writeNumber(value.trim(), format);
  if (type === "DateTime") return value.trim().replace(/T00:00:00(?:\.0+)?$/, "").replace("T", " ").replace(/\.0+$/, "");
  return type === "Boolean" ? (value.trim() === "1" ? "TRUE" : "FALSE") : value;
}

/** The place an element says it has, which only grows, or the next one; from 1. */
export function placeOf(xml: XmlReader, next: number): number {
  const told = Number(xml.attribute("Index") ?? next);
  return Number.isInteger(told) && told > next ? told : next;
}
