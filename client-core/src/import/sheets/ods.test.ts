import { SaldoError } from "@saldo/schema";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readWhole } from "../testing/read-whole.ts";

function makeOds(tables: string, manifest = "<manifest:manifest/>"): Uint8Array {
  const content = `<?xml version="1.0"?><office:document-content><office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`;
  return zipSync({ mimetype: [strToU8("application/vnd.oasis.opendocument.spreadsheet"), { level: 0 }], "content.xml": strToU8(content), "META-INF/manifest.xml": strToU8(manifest) });
}

const text = (value: string, more = ""): string => `<table:table-cell office:value-type="string"${more}><text:p>${value}</text:p></table:table-cell>`;
const date = (value: string, more = ""): string => `<table:table-cell office:value-type="date" office:date-value="${value}"${more}><text:p>shown</text:p></table:table-cell>`;
const money = (value: string, currency: string): string => `<table:table-cell office:value-type="currency" office:currency="${currency}" office:value="${value}"><text:p>shown</text:p></table:table-cell>`;
const row = (...cells: readonly string[]): string => `<table:table-row>${cells.join("")}</table:table-row>`;
const header = row(text("Date"), text("Description"), text("Amount"));

test("typed cells, repeated blanks, merged dates and notes", async () => {
  const bytes = makeOds(
    `<table:table table:name="Empty"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>` +
      `<table:table table:name="Ledger"><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>${header}` +
      row(date("2023-04-13T00:00:00", ' table:number-rows-spanned="2"'), text("Coffee<text:s text:c=\"2\"/>bar<office:annotation><text:p>secret</text:p></office:annotation>"), money("-1.25", "EUR")) +
      row("<table:covered-table-cell/>", text("Tea"), money("1500000", "EUR")) +
      `</table:table>`,
  );
  const { rows, understanding } = await readWhole(bytes);
  expect(understanding).toMatchObject({ format: "ods", sheets: { value: ["Ledger"] }, questions: [] });
  expect(rows.map(({ line, postedOn, amountMinor, currency, description }) => `${line} ${postedOn} ${amountMinor} ${currency} ${description}`)).toEqual(["4 2023-04-13 -125 EUR Coffee  bar", "5 2023-04-13 150000000 EUR Tea"]);
});

test("protected and endless sheets are refused", async () => {
  const failure = (bytes: Uint8Array): Promise<string> => readWhole(bytes).then(() => "none", (error: unknown) => (error instanceof SaldoError ? error.code : String(error)));
  expect(await failure(makeOds("", '<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'))).toBe("import.workbook_encrypted");
  expect(await failure(makeOds(`<table:table table:name="S">${row(text("x", ' table:number-columns-repeated="1000000"'))}</table:table>`))).toBe("import.too_many_columns");
  const endless = `<table:table table:name="S">${header}<table:table-row table:number-rows-repeated="999999999">${date("2023-04-13")}${text("a")}${money("-1", "EUR")}</table:table-row></table:table>`;
  expect(await failure(makeOds(endless))).toBe("import.too_many_rows");
});
