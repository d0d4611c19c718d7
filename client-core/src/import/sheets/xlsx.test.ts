import ExcelJS from "exceljs";
import { describe, expect, test } from "vitest";
import { readWhole } from "../testing/read-whole.ts";
import { makeXlsx, number, text } from "../testing/workbook-parts.ts";

const day = 45_029; // 13 April 2023
const header = ["Date", "Description", "Amount"].map(text).join("");

/** Rows as `date amount currency description`. */
async function rowsOf(bytes: Uint8Array, hints = {}): Promise<string[]> {
  const { rows } = await readWhole(bytes, { hints: { defaultCurrency: "EUR", ...hints } });
  return rows.map(({ postedOn, amountMinor, currency, description }) => `${postedOn} ${amountMinor} ${currency} ${description}`);
}

describe("cells of a workbook", () => {
  test("a typed date and a typed number are read as they are, whatever order or mark texts would have", async () => {
    const bytes = makeXlsx({ formats: ["dd/mm/yyyy", "#,##0.00"], sheets: { Ledger: [header, number(day, 1) + text("Coffee") + number(-1.25, 2), number(day + 1, 1) + text("Tea") + number("1.234", 2), number(day + 2, 1) + text("Sum") + number("0.30000000000000004", 2)] } });
    const { understanding } = await readWhole(bytes);
    expect(understanding.questions.map(({ code }) => code)).toEqual(["currency"]);
    expect(await rowsOf(bytes)).toEqual(["2023-04-13 -125 EUR Coffee", "2023-04-14 123 EUR Tea", "2023-04-15 30 EUR Sum"]);
  });

  test("the 1904 date system", async () => {
    const sheets = { Ledger: [header, number(day - 1462, 1) + text("Coffee") + number(-1, 0)] };
    expect(await rowsOf(makeXlsx({ is1904: true, formats: ["m/d/yy"], sheets }))).toEqual(["2023-04-13 -100 EUR Coffee"]);
  });

  test.each(["[$₽-419]#,##0.00", '#,##0.00\\ "₽"', '_-* #,##0.00\\ "руб."_-;-* #,##0.00\\ "руб."_-'])("the number format %s names the currency", async (code) => {
    const bytes = makeXlsx({ formats: ["dd.mm.yyyy", code], sheets: { Ledger: [header, number(day, 1) + text("Чай") + number(-150.5, 2), number(day, 1) + text("Кофе") + number(1500000, 2)] } });
    expect(await rowsOf(bytes)).toEqual(["2023-04-13 -15050 RUB Чай", "2023-04-13 150000000 RUB Кофе"]);
  });

  test("text dates and text amounts are guessed at as in any table", async () => {
    const bytes = makeXlsx({ sheets: { Лист1: [["Дата", "Назначение платежа", "Сумма"].map(text).join(""), text("13.04.2023") + text("Чай") + text("-1 250,50")] } });
    expect(await rowsOf(bytes, { defaultCurrency: "RUB" })).toEqual(["2023-04-13 -125050 RUB Чай"]);
  });

  test("a formula is read by its saved result, and refused by its row when it has none", async () => {
    const formula = (result: string): string => `<c><f>A1*2</f>${result}</c>`;
    const bytes = makeXlsx({ formats: ["dd.mm.yyyy"], sheets: { Ledger: [header, number(day, 1) + text("Saved") + formula("<v>-12.5</v>"), number(day, 1) + text("Not saved") + formula("")] } });
    const { rows, refused } = await readWhole(bytes);
    expect(rows.map(({ amountMinor }) => amountMinor)).toEqual([-1250]);
    expect(refused).toEqual([{ line: 3, reasonCode: "formula_without_result", column: "Amount" }]);
  });

  test("gaps, references, shared and rich texts, escapes and errors", async () => {
    const row = `<row r="7"><c r="A7" s="1"><v>${day}</v></c><c r="C7" t="s"><v>0</v></c><c r="E7"><v>-3</v></c></row>`;
    const rich = '<row r="8"><c r="A8" s="1"><v>45030</v></c><c r="C8" t="inlineStr"><is><r><t>The </t></r><r><t xml:space="preserve">old_x0020_mill</t></r><rPh><t>read</t></rPh></is></c><c r="E8" t="e"><v>#REF!</v></c></row>';
    const names = `<row r="6"><c r="A6" t="inlineStr"><is><t>Date</t></is></c><c r="C6" t="inlineStr"><is><t>Description</t></is></c><c r="E6" t="inlineStr"><is><t>Amount</t></is></c></row>`;
    const bytes = makeXlsx({ formats: ["yyyy-mm-dd"], texts: ["A & B < C"], sheets: { S: [names, row, rich] } });
    const { rows, refused } = await readWhole(bytes);
    expect(rows.map(({ line, description }) => `${line} ${description}`)).toEqual(["7 A & B < C"]);
    expect(refused).toEqual([{ line: 8, reasonCode: "amount_unreadable", column: "Amount" }]);
  });

  test("one date merged over several payments stands for each; a merged amount is counted once", async () => {
    const bytes = makeXlsx({
      formats: ["dd.mm.yyyy"],
      afterRows: '<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="C5:C6"/></mergeCells>',
      sheets: { S: [header, number(day, 1) + text("one") + number(-1), '<row r="3"><c r="B3" t="inlineStr"><is><t>two</t></is></c><c r="C3"><v>-2</v></c></row>', '<row r="4"><c r="B4" t="inlineStr"><is><t>three</t></is></c><c r="C4"><v>-3</v></c></row>', number(day + 1, 1) + text("four") + number(-4), '<row r="6"><c r="B6" t="inlineStr"><is><t>more words</t></is></c></row>'] },
    });
    expect(await rowsOf(bytes)).toEqual(["2023-04-13 -100 EUR one", "2023-04-13 -200 EUR two", "2023-04-13 -300 EUR three", "2023-04-14 -400 EUR four"]);
  });
});

describe("sheets of a workbook", () => {
  const payments = (from: number, word: string): string[] => Array.from({ length: 5 }, (_, at) => number(from + at, 1) + text(`${word} ${at}`) + number(-at - 1));
  const formats = ["dd.mm.yyyy"];

  test("the sheet with transactions is chosen, its header found below a preamble", async () => {
    const bytes = makeXlsx({ formats, sheets: { Cover: [text("Statement of account"), text("prepared for you")], Turnover: [text("Account turnover"), "", header, ...payments(day, "pay")], Notes: [text("Thank you") + number(5)] } });
    const { understanding, rows } = await readWhole(bytes);
    expect(understanding).toMatchObject({ sheets: { value: ["Turnover"], confidence: 0.98 }, headerLine: { value: 3 } });
    expect(rows.map(({ line }) => line)).toEqual([4, 5, 6, 7, 8]);
  });

  test("a sheet for each month is read with the others, each from its own header; lines name their sheet", async () => {
    const broken = text("soon") + text("later") + number(-1);
    const bytes = makeXlsx({ formats, sheets: { January: [header, ...payments(day, "a")], February: [text("February"), header, ...payments(day + 30, "b"), broken] } });
    const { understanding, rows, refused } = await readWhole(bytes);
    expect(understanding).toMatchObject({ sheets: { value: ["January", "February"], confidence: 0.9 } });
    expect(rows).toHaveLength(10);
    expect(refused).toEqual([{ line: 8, reasonCode: "date_unreadable", column: "Date", part: "February" }]);
  });

  test("a sheet of the whole year beside its months is not read twice: the app asks", async () => {
    const [a, b] = [payments(day, "a"), payments(day + 30, "b")];
    const bytes = makeXlsx({ formats, sheets: { Year: [header, ...a, ...b], January: [header, ...a], February: [header, ...b] } });
    const { understanding, rows } = await readWhole(bytes);
    expect(understanding.questions).toMatchObject([{ code: "sheet", options: ["Year", "January", "February"], chosen: "Year" }, { code: "currency" }]);
    expect(rows).toHaveLength(10);
    expect((await readWhole(bytes, { hints: { answers: { sheets: ["February"] } } })).rows).toHaveLength(5);
  });

  test("hidden rows are read and asked about; hidden sheets are left alone", async () => {
    const hiddenRow = `<row r="3" hidden="1">${number(day, 1) + text("hidden") + number(-9)}</row>`;
    const bytes = makeXlsx({ formats, hidden: ["Secret"], sheets: { Open: [header, number(day, 1) + text("seen") + number(-1), hiddenRow], Secret: [header, ...payments(day, "s")] } });
    const asked = await readWhole(bytes);
    expect(asked.understanding.questions.map(({ code }) => code)).toContain("hidden_rows");
    expect(asked.rows).toHaveLength(2);
    const told = await readWhole(bytes, { hints: { answers: { hiddenRows: "leave" } } });
    expect(told.rows.map(({ description }) => description)).toEqual(["seen"]);
    expect(told.skipped).toEqual([{ line: 3, reasonCode: "hidden_row" }]);
  });
});

test("what ExcelJS writes comes back equal", async () => {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet("Transactions");
  sheet.columns = [{ header: "Date", key: "date", style: { numFmt: "dd.mm.yyyy" } }, { header: "Description", key: "text" }, { header: "Amount", key: "amount", style: { numFmt: "#,##0.00" } }, { header: "Currency", key: "currency" }];
  const written = Array.from({ length: 200 }, (_, at) => ({ date: new Date(Date.UTC(2023, 0, 1 + at)), text: `Платёж «${at}» & <co>`, amount: ((at * 7919) % 200_000 - 100_000) / 100, currency: at % 3 === 0 ? "RUB" : "USD" }));
  for (const row of written) sheet.addRow(row);
  const { rows, refused } = await readWhole(new Uint8Array(await workbook.xlsx.writeBuffer()));
  expect(refused).toEqual([]);
  expect(rows.map(({ postedOn, description, amountMinor, currency }) => [postedOn, description, amountMinor, currency])).toEqual(
    written.map(({ date, text: words, amount, currency }) => [date.toISOString().slice(0, 10), words, Math.round(amount * 100), currency]),
  );
});
