import { SaldoError } from "@saldo/schema";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { importLimits, recogniseFile } from "../index.ts";
import { readWhole } from "../testing/read-whole.ts";
import { makeXlsx, number, text } from "../testing/workbook-parts.ts";

const header = ["Date", "Description", "Amount"].map(text).join("");
const payment = number(45_029, 1) + text("Coffee") + number(-1);
const formats = ["dd.mm.yyyy"];
const good = (): Uint8Array => makeXlsx({ formats, sheets: { Ledger: [header, payment] } });
const withSheet = (xml: string): Uint8Array => makeXlsx({ formats, sheets: { Ledger: [] }, extraParts: { "xl/worksheets/sheet1.xml": strToU8(xml) } });

/** The code and detail of what reading a file throws. */
async function failureOf(bytes: Uint8Array): Promise<{ code: string; detail: Readonly<Record<string, unknown>> }> {
  try {
    await readWhole(bytes);
  } catch (error) {
    if (error instanceof SaldoError) return { code: error.code, detail: error.detail };
    throw error;
  }
  return { code: "none", detail: {} };
}

/** A workbook whose sheet goes on with blanks: small on the disk, huge when unpacked. */
function bomb(inflatedBytes: number): Uint8Array {
  return withSheet(`<worksheet><sheetData>${" ".repeat(inflatedBytes)}</sheetData></worksheet>`);
}

/** Changes the sizes the directory and the local header of an entry tell. */
function lie(bytes: Uint8Array, name: string, inflatedBytes: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const view = new DataView(changed.buffer);
  const wanted = strToU8(name);
  for (let at = 0; at + 46 < changed.length; at += 1) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    if (wanted.every((byte, index) => changed[at + 46 + index] === byte)) view.setUint32(at + 24, inflatedBytes, true);
  }
  return changed;
}

describe("workbooks that are refused", () => {
  test("a zip bomb stops where it has grown a hundred times, its memory bounded", async () => {
    const bytes = bomb(400 * 1024 * 1024);
    expect(bytes.length).toBeLessThan(500 * 1024);
    const before = process.memoryUsage().rss;
    expect(await failureOf(bytes)).toMatchObject({ code: "import.inflates_too_far", detail: { ratioMax: importLimits.inflatedRatioMax } });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test("sizes that lie", async () => {
    expect((await failureOf(lie(good(), "xl/worksheets/sheet1.xml", 20))).code).toBe("import.archive_damaged");
    expect((await failureOf(lie(good(), "xl/worksheets/sheet1.xml", 0xffff_fff0))).code).toBe("import.archive_damaged");
  });

  test("too many entries", async () => {
    const many = Object.fromEntries(Array.from({ length: importLimits.archiveEntriesMax + 1 }, (_, at) => [`xl/part${at}.xml`, new Uint8Array()]));
    const bytes = zipSync(many, { level: 0 });
    expect((await failureOf(bytes)).code).toBe("import.too_many_entries");
  });

  test("entities of its own: billion laughs and external ones", async () => {
    const doctype = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>';
    expect(await failureOf(withSheet(`${doctype}<worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`))).toEqual({ code: "import.xml_damaged", detail: { part: "xl/worksheets/sheet1.xml", line: 1 } });
    expect((await failureOf(withSheet('<worksheet><sheetData><row><c t="inlineStr"><is><t>&xxe;</t></is></c></row></sheetData></worksheet>'))).code).toBe("import.xml_damaged");
  });

  test("broken XML, XML that never closes and XML without end of depth", async () => {
    for (const xml of ["<worksheet><sheetData><row></sheetData></worksheet>", "<worksheet><sheetData><row><c", `<worksheet>${"<a>".repeat(100_000)}`]) {
      expect((await failureOf(withSheet(xml))).code).toBe("import.xml_damaged");
    }
  });

  test("too many columns and a cell too long, named by sheet and row", async () => {
    const far = '<row r="2"><c r="XFD2"><v>1</v></c></row>';
    expect(await failureOf(makeXlsx({ formats, sheets: { Ledger: [header, far] } }))).toEqual({ code: "import.too_many_columns", detail: { sheet: "Ledger", line: 2, columnsMax: importLimits.columnsMax } });
    const long = number(45_029, 1) + text("x".repeat(100_000)) + number(-1);
    expect(await failureOf(makeXlsx({ formats, sheets: { Ledger: [header, payment, long] } }))).toEqual({ code: "import.cell_too_long", detail: { sheet: "Ledger", line: 3, cellCharsMax: importLimits.cellCharsMax } });
  });

  test("a file cut off at any place", async () => {
    const whole = good();
    for (let length = 40; length < whole.length; length += 97) expect((await failureOf(whole.subarray(0, length))).code).toMatch(/^import\.(?:archive_damaged|is_archive)$/);
  });

  test("an empty workbook, a workbook without a list of transactions", async () => {
    expect((await failureOf(makeXlsx({ sheets: { Sheet1: [], Sheet2: [] } }))).code).toBe("import.empty_workbook");
    const pivot = [["Row Labels", "Sum of Amount", "Grand Total"].map(text).join(""), text("North") + number(10) + number(10), text("South") + number(20) + number(20), text("Grand Total") + number(30) + number(30)];
    expect((await failureOf(makeXlsx({ sheets: { Pivot: pivot } }))).code).toBe("import.no_date_column");
  });

  test("a document of another program is no workbook", () => {
    expect(recogniseFile(zipSync({ "[Content_Types].xml": strToU8("<Types/>"), "word/document.xml": strToU8("<d/>") }))).toBe("zip");
  });
});
