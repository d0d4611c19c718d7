import { createHash } from "node:crypto";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { slicesOf, type FileBytes } from "../../file-bytes.ts";
import { camtText, mt940Text, ofxText, oneCText, qifText, type Movement } from "../testing/exchange-files.ts";
import { makeXlsx, number, text } from "../testing/workbook-parts.ts";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";
import { readRows, understandFile } from "../index.ts";

/** A file of which only slices can be had, as one on a disk is. */
const behindSlices = (bytes: Uint8Array): FileBytes => ({ byteLength: bytes.length, subarray: (from, to) => bytes.slice(from, to) });

test("slices hold every byte once and end after a line or between characters", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 20 }), fc.integer({ min: 4, max: 40 }), (lines, sizeMax) => {
      const bytes = new TextEncoder().encode(lines.join("\n"));
      const slices = [...slicesOf(bytes, 0, bytes.length, sizeMax)];
      expect(slices.flatMap((slice) => [...slice.bytes])).toEqual([...bytes]);
      for (const slice of slices) expect(() => new TextDecoder("utf-8", { fatal: true }).decode(slice.bytes)).not.toThrow();
    }),
  );
});

test.each(["utf-8", "windows-1251", "utf-16le"] as const)("a file of several slices is understood and read as one at hand (%s)", async (encoding) => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `${1 + (index % 28)}.03.2024;-${index},50;Оплата по счёту ${index};ООО Ромашка`);
  const bytes = encodeText(["Дата;Сумма;Назначение платежа;Контрагент", ...rows].join("\n"), encoding);
  const whole = await readWhole(bytes);
  const file = behindSlices(bytes);
  const understanding = await understandFile(file);
  expect(understanding).toEqual(whole.understanding);
  const read = [];
  for await (const batch of readRows(file, understanding)) read.push(...batch.rows);
  expect(read).toEqual(whole.rows);
});

const movements: readonly Movement[] = Array.from({ length: 12 }, (_, index) => ({
  day: `2024-03-${String(1 + index).padStart(2, "0")}`, amountMinor: index % 3 === 0 ? 5_000 + index : -1_200 - index, text: `payment ${index} of the month`, name: "Cafe", id: `id${index}`,
}));
const utf8 = (content: string): Uint8Array => new TextEncoder().encode(content);
const cells = movements.map(({ day, amountMinor }, index) => ({ day, amount: amountMinor / 100, words: `Payment ${index} to Cafe` }));
const odsRow = ({ day, amount, words }: (typeof cells)[number]): string =>
  `<table:table-row><table:table-cell office:value-type="date" office:date-value="${day}"/><table:table-cell office:value-type="string"><text:p>${words}</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="${amount}"/></table:table-row>`;
const odsHeader = `<table:table-row>${["Date", "Description", "Amount"].map((name) => `<table:table-cell office:value-type="string"><text:p>${name}</text:p></table:table-cell>`).join("")}</table:table-row>`;
const xmlRow = ({ day, amount, words }: (typeof cells)[number]): string => `<Row><Cell><Data ss:Type="DateTime">${day}T00:00:00.000</Data></Cell><Cell><Data ss:Type="String">${words}</Data></Cell><Cell><Data ss:Type="Number">${amount}</Data></Cell></Row>`;
const csv = utf8(["Date,Description,Amount", ...cells.map(({ day, amount, words }) => `${day},${words},${amount}`)].join("\n"));

/** Files of every format that is read in order or through a directory at its end, with a filler that makes them several slices long. */
const longFiles: Readonly<Record<string, () => Uint8Array>> = {
  csv: () => padded(csv, blankLine),
  "1C text": () => padded(encodeText(oneCText(movements), "windows-1251"), blankLine),
  OFX: () => padded(utf8(ofxText(movements)), `</X>${blankLine.slice(4)}`),
  QIF: () => padded(utf8(qifText(movements)), blankLine),
  MT940: () => padded(utf8(mt940Text(movements)), blankLine),
  camt: () => padded(utf8(camtText(movements)), `<!--${blankLine.slice(7)}-->`),
  "XML Spreadsheet 2003": () =>
    padded(utf8(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="String">Date</Data></Cell><Cell><Data ss:Type="String">Description</Data></Cell><Cell><Data ss:Type="String">Amount</Data></Cell></Row>${cells.map(xmlRow).join("")}</Table></Worksheet></Workbook>`), `<!--${blankLine.slice(7)}-->`),
  XLSX: () =>
    makeXlsx({
      formats: ["yyyy-mm-dd"],
      sheets: { A: [[text("Date"), text("Description"), text("Amount")].join(""), ...cells.map(({ amount, words }, index) => [number(45_352 + index, 1), text(words), number(amount)].join(""))] },
      extraParts: { "docProps/noise.bin": noise },
    }),
  ODS: () =>
    zipSync({
      mimetype: [strToU8("application/vnd.oasis.opendocument.spreadsheet"), { level: 0 }],
      "noise.bin": [noise, { level: 0 }],
      "content.xml": strToU8(`<?xml version="1.0"?><office:document-content><office:body><office:spreadsheet><table:table table:name="A">${odsHeader}${cells.map(odsRow).join("")}</table:table></office:spreadsheet></office:body></office:document-content>`),
    }),
  ZIP: () => zipSync({ "scan.png": [Uint8Array.from([0x89, 0x50, 0x4e, 0x47, ...noise.subarray(0, 1000)]), { level: 0 }], "march.csv": csv, "april.csv": [padded(csv, blankLine), { level: 0 }] }),
};

const sliceMax = 1024 * 1024;
const blankLine = `${" ".repeat(1023)}\n`;
const noise = new Uint8Array(createHash("shake256", { outputLength: 3 * sliceMax }).update("noise").digest());

/** Nothing of meaning behind the last line. */
function padded(bytes: Uint8Array, blank: string): Uint8Array {
  return Buffer.concat([bytes, Buffer.from(blank.repeat((2.5 * sliceMax) / blank.length))]);
}

test.each(Object.keys(longFiles))("nobody asks for more than a slice of a long file at a time (%s)", async (format) => {
  const bytes = longFiles[format]?.() ?? new Uint8Array();
  let most = 0;
  const file: FileBytes = {
    byteLength: bytes.length,
    subarray(from, to) {
      most = Math.max(most, to - from);
      return bytes.slice(from, to);
    },
  };
  let rows = 0;
  for await (const batch of readRows(file, await understandFile(file, { defaultCurrency: "EUR" }))) rows += batch.rows.length;
  expect([bytes.length > 2 * sliceMax, rows, most <= sliceMax]).toEqual([true, format === "ZIP" ? 24 : 12, true]);
});
