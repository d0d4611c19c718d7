import { SaldoError } from "@saldo/schema";
import { expect, test } from "vitest";
import { recogniseFile } from "../index.ts";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";

const head = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">';
const styles = '<Styles><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="m"><NumberFormat ss:Format="#,##0.00\\ &quot;₽&quot;"/></Style></Styles>';
const data = (type: string, value: string, cell = ""): string => `<Cell${cell}><Data ss:Type="${type}">${value}</Data></Cell>`;
const text = (value: string, cell = ""): string => data("String", value, cell);
const sheet = (name: string, rows: string, options = ""): string => `<Worksheet ss:Name="${name}"><Table>${rows}</Table>${options}</Worksheet>`;
const header = `<Row ss:Index="3">${text("Дата")}${text("Контрагент")}${text("Сумма")}</Row>`;
const make = (...sheets: readonly string[]): Uint8Array => encodeText(`${head}${styles}${sheets.join("")}</Workbook>`, "utf-8");

async function failureOf(bytes: Uint8Array): Promise<string> {
  return readWhole(bytes).then(() => "none", (error: unknown) => (error instanceof SaldoError ? error.code : String(error)));
}

test("an XML Spreadsheet 2003 named .xls: typed cells, places told, merged days, a hidden row, a formula without result", async () => {
  const bytes = make(
    sheet("Титул", `<Row>${text("Выписка")}</Row>`),
    sheet(
      "Лист1",
      header +
        `<Row>${data("DateTime", "2024-03-05T00:00:00.000", ' ss:StyleID="d" ss:MergeDown="1"')}${text("ООО &quot;Ромашка&quot;")}${data("Number", "-1500.5", ' ss:StyleID="m"')}</Row>` +
        `<Row>${text("ИП Иванов", ' ss:Index="2"')}${data("Number", "12000", ' ss:StyleID="m"')}</Row>` +
        `<Row ss:Hidden="1">${data("Number", "45357", ' ss:StyleID="d"')}${text("скрыта")}${data("Number", "1", ' ss:StyleID="m"')}</Row>` +
        `<Row>${text("06.03.2024")}${text("без итога")}<Cell ss:Formula="=1+1" ss:StyleID="m"/></Row>`,
    ),
  );
  expect(recogniseFile(bytes)).toBe("xls");
  const { rows, refused, understanding } = await readWhole(bytes, { hints: { defaultCurrency: "RUB" } });
  expect(understanding).toMatchObject({ format: "xls", sheets: { value: ["Лист1"] }, hiddenRows: { value: "read" } });
  expect(rows.map(({ line, postedOn, amountMinor, currency, counterparty }) => `${line} ${postedOn} ${amountMinor} ${currency} ${counterparty}`)).toEqual([
    '4 2024-03-05 -150050 RUB ООО "Ромашка"',
    "5 2024-03-05 1200000 RUB ИП Иванов",
    "6 2024-03-06 100 RUB скрыта",
  ]);
  expect(refused.map(({ line, reasonCode }) => `${line} ${reasonCode}`)).toEqual(["7 formula_without_result"]);
});

test("other XML, a damaged one and one without end of columns are refused", async () => {
  expect(recogniseFile(encodeText('<?xml version="1.0"?><Orders/>', "utf-8"))).toBe("xml");
  expect(await failureOf(make(sheet("S", header)).subarray(0, 500))).toBe("import.xml_damaged");
  expect(await failureOf(make(sheet("S", `${header}<Row>${text("x", ' ss:Index="20000"')}</Row>`)))).toBe("import.too_many_columns");
});
