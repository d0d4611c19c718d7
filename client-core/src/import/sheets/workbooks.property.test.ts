import { SaldoError } from "@saldo/schema";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { sayReason, sayRefusal, saySkip } from "../index.ts";
import { label, makeBiff8, makeCompound, numberCell } from "../testing/biff-parts.ts";
import { readWhole } from "../testing/read-whole.ts";
import { makeXlsx, number, text } from "../testing/workbook-parts.ts";

/** Reads a file to its end; only catalogue errors may come out, and every reason has words. */
async function readOrRefuse(bytes: Uint8Array): Promise<void> {
  try {
    const { understanding, rows, refused, skipped } = await readWhole(bytes, { batchRows: 3 });
    for (const question of understanding.questions) expect(sayReason(question.reason, "ru")).not.toMatch(/\{[a-z]+\}/);
    for (const row of rows) {
      expect(row.postedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(Number.isSafeInteger(row.amountMinor)).toBe(true);
    }
    for (const line of refused) expect(sayRefusal(line.reasonCode, "en")).not.toBe("");
    for (const line of skipped) expect(saySkip(line.reasonCode, "en")).not.toBe("");
  } catch (error) {
    if (!(error instanceof SaldoError)) throw error;
  }
}

const header = ["Date", "Description", "Amount"];
const days = Array.from({ length: 30 }, (_, at) => 45_000 + at);
const sheetXml = `<worksheet><sheetData><row r="1">${header.map(text).join("")}</row>${days.map((day, at) => `<row r="${at + 2}">${number(day, 1)}${text(`payment ${at}`)}${number(-at, 1)}</row>`).join("")}</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`;
const odsXml = `<d><spreadsheet><table name="S"><table-row><table-cell value-type="string"><p>Date</p></table-cell><table-cell value-type="string"><p>Amount</p></table-cell></table-row>${days.map((_, at) => `<table-row><table-cell value-type="date" date-value="2023-04-${String(1 + (at % 28)).padStart(2, "0")}"/><table-cell value-type="float" value="${at}"><p>${at}</p></table-cell></table-row>`).join("")}</table></spreadsheet></d>`;
const xls = makeCompound("Workbook", makeBiff8({ S: [...header.map((name, column) => label(0, column, name)), ...days.flatMap((day, at) => [numberCell(at + 1, 0, day, 1), label(at + 1, 1, `payment ${at}`), numberCell(at + 1, 2, -at)])] }, { formats: ["dd.mm.yyyy"] }));

const xlsxOf = (xml: Uint8Array): Uint8Array => makeXlsx({ formats: ["dd.mm.yyyy"], sheets: { S: [] }, extraParts: { "xl/worksheets/sheet1.xml": xml } });
const odsOf = (xml: Uint8Array): Uint8Array => zipSync({ mimetype: [strToU8("application/vnd.oasis.opendocument.spreadsheet"), { level: 0 }], "content.xml": xml });

/** What may be changed of a file: the bytes of the file, or those of a part before it is packed. */
const targets: Readonly<Record<string, { readonly whole: Uint8Array; readonly pack: (bytes: Uint8Array) => Uint8Array }>> = {
  "the XML of a sheet": { whole: strToU8(sheetXml), pack: xlsxOf },
  "an XLSX file": { whole: xlsxOf(strToU8(sheetXml)), pack: (bytes) => bytes },
  "an XLS file": { whole: xls, pack: (bytes) => bytes },
  "the XML of an ODS": { whole: strToU8(odsXml), pack: odsOf },
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
      { numRuns: 150 },
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
