import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { describe, test } from "vitest";
import { label, makeBiff8, makeCompound, numberCell } from "../testing/biff-parts.ts";
import { readOrRefuse } from "../testing/read-or-refuse.ts";
import { makeXlsx, number, text } from "../testing/workbook-parts.ts";

const header = ["Date", "Description", "Amount"];
const days = Array.from({ length: 30 }, (_, at) => 45_000 + at);
const sheetXml = `<worksheet><sheetData><row r="1">${header.map(text).join("")}</row>${days.map((day, at) => `<row r="${at + 2}">${number(day, 1)}${text(`payment ${at}`)}${number(-at, 1)}</row>`).join("")}</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`;
const odsXml = `<d><spreadsheet><table name="S"><table-row><table-cell value-type="string"><p>Date</p></table-cell><table-cell value-type="string"><p>Amount</p></table-cell></table-row>${days.map((_, at) => `<table-row><table-cell value-type="date" date-value="2023-04-${String(1 + (at % 28)).padStart(2, "0")}"/><table-cell value-type="float" value="${at}"><p>${at}</p></table-cell></table-row>`).join("")}</table></spreadsheet></d>`;
const xls = makeCompound("Workbook", makeBiff8({ S: [...header.map((name, column) => label(0, column, name)), ...days.flatMap((day, at) => [numberCell(at + 1, 0, day, 1), label(at + 1, 1, `payment ${at}`), numberCell(at + 1, 2, -at)])] }, { formats: ["dd.mm.yyyy"] }));

const xmlSheet = `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ID="d"><NumberFormat Format="Short Date"/></Style></Styles><Worksheet Name="S"><Table><Row>${header.map((name) => `<Cell><Data Type="String">${name}</Data></Cell>`).join("")}</Row>${days.map((_, at) => `<Row><Cell StyleID="d" MergeDown="1"><Data Type="DateTime">2023-04-${String(1 + (at % 28)).padStart(2, "0")}T00:00:00.000</Data></Cell><Cell Index="2"><Data Type="String">payment ${at}</Data></Cell><Cell><Data Type="Number">${-at}.5</Data></Cell></Row>`).join("")}</Table></Worksheet></Workbook>`;
const statement = strToU8(`Date,Text,Amount\n${days.map((_, at) => `2023-04-${String(1 + (at % 28)).padStart(2, "0")},payment ${at},-${at}.50`).join("\n")}`);

const xlsxOf = (xml: Uint8Array): Uint8Array => makeXlsx({ formats: ["dd.mm.yyyy"], sheets: { S: [] }, extraParts: { "xl/worksheets/sheet1.xml": xml } });
const odsOf = (xml: Uint8Array): Uint8Array => zipSync({ mimetype: [strToU8("application/vnd.oasis.opendocument.spreadsheet"), { level: 0 }], "content.xml": xml });

/** What may be changed of a file: the bytes of the file, or those of a part before it is packed. */
const targets: Readonly<Record<string, { readonly whole: Uint8Array; readonly pack: (bytes: Uint8Array) => Uint8Array }>> = {
  "the XML of a sheet": { whole: strToU8(sheetXml), pack: xlsxOf },
  "an XLSX file": { whole: xlsxOf(strToU8(sheetXml)), pack: (bytes) => bytes },
  "an XLS file": { whole: xls, pack: (bytes) => bytes },
  "the XML of an ODS": { whole: strToU8(odsXml), pack: odsOf },
  "an XML Spreadsheet 2003": { whole: strToU8(xmlSheet), pack: (bytes) => bytes },
  "an archive of statements": { whole: zipSync({ "a.csv": statement, "deep/b.csv": statement, "c.pdf": strToU8("%PDF-1.4") }), pack: (bytes) => bytes },
};

describe("any damage", () => {
  test.each(Object.entries(targets))("a few bytes of %s changed never crash the reader", async (_, { whole, pack }) => {
    await readOrRefuse(pack(whole));
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        await readOrRefuse(pack(bytes));
      }),
      { numRuns: 100 },
    );
  });

  test("records and sectors of any numbers never crash the reader of legacy workbooks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (tail, contained) => {
        const head = makeBiff8({ S: [] }).subarray(0, 20);
        const stream = new Uint8Array([...head, ...tail]);
        await readOrRefuse(contained ? makeCompound("Workbook", stream) : stream);
      }),
      { numRuns: 200 },
    );
  });
});
