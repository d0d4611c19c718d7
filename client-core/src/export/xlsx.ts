import { formatMinorDecimal } from "@saldo/schema";
import { strToU8, Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { guardCell } from "../import/index.ts";
import type { ExportRequest, ExportSummary } from "./export-rows.ts";
import { columnNames, onOneLine, type ExportRow, type ExportStatement } from "./model.ts";

/** Rows of one sheet, the header among them: one less than spreadsheets open (ECMA-376, 18.3.1.73). */
const sheetRowsMax = 1_048_575;
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packaged = "http://schemas.openxmlformats.org/package/2006";
/** Number formats by digits after the point, after that of days; a style's number is its place. */
const amountStyles = ["0", "0.0", "0.00", "0.000", "0.0000"];

/**
 * Writes rows as a workbook (ECMA-376), in pieces of one batch: days and amounts typed, texts guarded against formulas, a further sheet
 * where one is full. The summary is what the generator returns.
 */
export async function* exportXlsx({ statements, rowsOf, locale }: ExportRequest): AsyncGenerator<Uint8Array, ExportSummary, void> {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece);
  });
  const names = columnNames[locale];
  let rows = 0;
  let sheets = 0;
  let sheet: ZipDeflate | undefined;
  const closeSheet = (): void => {
    sheet?.push(strToU8("</sheetData></worksheet>"), true);
    sheet = undefined;
  };
  const openSheet = (): ZipDeflate => {
    sheets += 1;
    const opened = new ZipDeflate(`xl/worksheets/sheet${sheets}.xml`, { level: 6 });
    zip.add(opened);
    opened.push(strToU8(`${declaration}<worksheet xmlns="${main}">${columnWidths}<sheetData>${rowXml(1, names.map(textCell))}`));
    return opened;
  };
  for (const statement of statements) {
    for await (const batch of rowsOf(statement)) {
      for (let at = 0; at < batch.length; ) {
        const above = rows % (sheetRowsMax - 1);
        const left = sheetRowsMax - 1 - above;
        const part = batch.slice(at, at + left);
        sheet ??= openSheet();
        sheet.push(strToU8(part.map((row, place) => rowXml(above + place + 2, cellsOf(row, statement))).join("")));
        rows += part.length;
        at += part.length;
        if (part.length === left) closeSheet();
      }
      yield* pieces.splice(0);
    }
  }
  if (sheets === 0) sheet = openSheet();
  closeSheet();
  for (const [name, text] of partsBeside(sheets, locale)) {
    const part = new ZipPassThrough(name);
    zip.add(part);
    part.push(strToU8(declaration + text), true);
  }
  zip.end();
  yield* pieces.splice(0);
  return { rows, replaced: 0 };
}

const columnWidths = `<cols>${[12, 48, 32, 26, 22, 16, 10].map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join("")}</cols>`;

/** A cell without the reference that its place gives it. */
interface Cell {
  readonly attributes: string;
  readonly content: string;
}

function rowXml(number: number, cells: readonly Cell[]): string {
  return `<row r="${number}">${cells.map(({ attributes, content }, at) => (content === "" ? "" : `<c r="${String.fromCharCode(65 + at)}${number}"${attributes}>${content}</c>`)).join("")}</row>`;
}

function cellsOf(row: ExportRow, { account, currency }: ExportStatement): readonly Cell[] {
  const amount = formatMinorDecimal(row.amountMinor, currency);
  const digits = amount.includes(".") ? amount.length - amount.indexOf(".") - 1 : 0;
  return [
    { attributes: ' s="1"', content: `<v>${serialOf(row.postedOn)}</v>` },
    ...[row.description, row.counterparty, account, row.category].map(textCell),
    { attributes: ` s="${2 + digits}"`, content: `<v>${amount}</v>` },
    textCell(currency),
  ];
}

/** Days of the 1900 date system. */
function serialOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;
}

function textCell(text: string | null): Cell {
  return { attributes: ' t="inlineStr"', content: text === null || text === "" ? "" : `<is><t xml:space="preserve">${escaped(guardCell(onOneLine(text)))}</t></is>` };
}

/** Text for XML 1.0, which has no place for most control characters. */
function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what must not come into the file
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[mark] ?? mark);
}

/** The parts of a workbook around its sheets. */
function partsBeside(sheets: number, locale: "en" | "ru"): readonly (readonly [name: string, text: string])[] {
  const each = (of: (number: number) => string): string => Array.from({ length: sheets }, (_, at) => of(at + 1)).join("");
  const title = { en: "Transactions", ru: "Операции" }[locale];
  const spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return [
    ["[Content_Types].xml", `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/>${each((number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${spreadsheet}.worksheet+xml"/>`)}</Types>`],
    ["_rels/.rels", `<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ["xl/workbook.xml", `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${each((number) => `<sheet name="${title}${number === 1 ? "" : ` ${number}`}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", `<Relationships xmlns="${packaged}/relationships">${each((number) => `<Relationship Id="rId${number}" Type="${relations}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}<Relationship Id="rId${sheets + 1}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`],
    ["xl/styles.xml", stylesXml],
  ];
}

const formats = ["yyyy-mm-dd", ...amountStyles];
const stylesXml =
  `<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${formats.map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${code}"/>`).join("")}</numFmts>` +
  '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  `<cellXfs count="${formats.length + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${formats.map((_, at) => `<xf numFmtId="${164 + at}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`).join("")}</cellXfs></styleSheet>`;
