import { SaldoError } from "@saldo/schema";
import { importLimits } from "../../limits.ts";
import type { XmlReader } from "../../xml/reader.ts";
import { numberWriter } from "../cell-text.ts";
import type { MergedCells } from "../merged.ts";
import type { SheetRow } from "../workbook.ts";

/** A table of the content part. */
interface OdsTable {
  readonly name: string;
  readonly merged: readonly MergedCells[];
}

const writeNumber = numberWriter(false);

/** Names and merged cells of all tables. */
export function surveyTables(xml: XmlReader): OdsTable[] {
  const tables: OdsTable[] = [];
  let merged: MergedCells[] = [];
  let [line, column] = [0, 0];
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (token !== "open") continue;
    if (xml.name === "table") {
      merged = [];
      tables.push({ name: xml.attribute("name") ?? "", merged });
      line = 1;
    } else if (xml.name === "table-row") {
      line += repeatOf(xml, "number-rows-repeated");
      column = 0;
    } else if (xml.name === "table-cell" || xml.name === "covered-table-cell") {
      const rows = repeatOf(xml, "number-rows-spanned");
      if (rows > 1 && merged.length < importLimits.mergedCellsMax) merged.push({ column, top: line - 1, bottom: line + rows - 2 });
      column += repeatOf(xml, "number-columns-repeated");
      xml.skip();
    } else if (xml.name === "shapes" || xml.name === "tracked-changes") xml.skip();
  }
  return tables;
}

/** The rows of one table, by its place among all. */
export function* readOdsRows(xml: XmlReader, index: number, name: string): Generator<SheetRow, void, void> {
  let table = -1;
  let line = 0;
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (token === "close" && xml.name === "table" && table === index) return;
    if (token !== "open") continue;
    if (xml.name === "table") {
      table += 1;
      if (table !== index) xml.skip();
    } else if (xml.name === "shapes" || xml.name === "tracked-changes") xml.skip();
    else if (xml.name === "table-row") {
      const times = repeatOf(xml, "number-rows-repeated");
      const isHidden = (xml.attribute("visibility") ?? "visible") !== "visible";
      const cells = readCells(xml, name, line + 1);
      if (cells.length > 0 && times > importLimits.repeatedRowsMax) throw new SaldoError("import.too_many_rows", { sheet: name, line: line + 1, repeatedRowsMax: importLimits.repeatedRowsMax });
      for (let copy = 0; cells.length > 0 && copy < times; copy += 1) yield { line: line + 1 + copy, cells, isHidden };
      line += times;
    }
  }
}

function readCells(xml: XmlReader, sheet: string, line: number): string[] {
  const depth = xml.depth;
  const cells: string[] = [];
  let column = 0;
  for (;;) {
    const token = xml.next();
    if (token === "end" || (token === "close" && xml.depth < depth)) return cells;
    if (token !== "open") continue;
    if (xml.name !== "table-cell" && xml.name !== "covered-table-cell") {
      xml.skip();
      continue;
    }
    const times = repeatOf(xml, "number-columns-repeated");
    const text = readCell(xml);
    if (text !== "") {
      if (column + times > importLimits.columnsMax) throw new SaldoError("import.too_many_columns", { sheet, line, columnsMax: importLimits.columnsMax });
      if (text.length > importLimits.cellCharsMax) throw new SaldoError("import.cell_too_long", { sheet, line, cellCharsMax: importLimits.cellCharsMax });
      while (cells.length < column) cells.push("");
      for (let copy = 0; copy < times; copy += 1) cells.push(text);
    }
    column += times;
  }
}

function readCell(xml: XmlReader): string {
  const type = xml.attribute("value-type");
  const value = xml.attribute("value");
  const day = xml.attribute("date-value");
  const truth = xml.attribute("boolean-value");
  const currency = xml.attribute("currency") ?? null;
  const shown = readParagraphs(xml);
  switch (type) {
    case "float":
    case "currency":
    case "percentage": {
      const isAmount = type === "currency" || /[.,]\d{2}\D*$/.test(shown);
      return value === undefined ? shown : writeNumber(value, { kind: "number", currency: type === "currency" ? currency : null, isAmount });
    }
    case "date":
      return day === undefined ? shown : day.replace(/T00:00:00(?:\.0+)?$/, "").replace("T", " ");
    case "boolean":
      return truth === "true" ? "TRUE" : "FALSE";
    default:
      return shown;
  }
}

/** The paragraphs of a cell as lines; notes beside it are left out. */
function readParagraphs(xml: XmlReader): string {
  const depth = xml.depth;
  let text = "";
  let paragraphs = 0;
  let inside = false;
  for (;;) {
    const token = xml.next();
    if (token === "end" || (token === "close" && xml.depth < depth)) return text;
    if (token === "text" && inside) text += xml.text;
    if (token === "close" && xml.name === "p") inside = false;
    if (token !== "open") continue;
    if (xml.name === "annotation") xml.skip();
    else if (xml.name === "p") {
      if (paragraphs > 0) text += "\n";
      paragraphs += 1;
      inside = true;
    } else if (xml.name === "s") text += " ".repeat(Math.min(repeatOf(xml, "c"), 100));
    else if (xml.name === "tab") text += " ";
    else if (xml.name === "line-break") text += "\n";
  }
}

/** A count attribute: 1 when it is absent or no number. */
function repeatOf(xml: XmlReader, attribute: string): number {
  const count = Number(xml.attribute(attribute) ?? 1);
  return Number.isInteger(count) && count > 0 ? count : 1;
}
