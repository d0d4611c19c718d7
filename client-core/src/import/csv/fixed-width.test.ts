import { describe, expect, test } from "vitest";
import { readWhole } from "../testing/read-whole.ts";

const pad = (cells: readonly (readonly [string, number])[]): string => cells.map(([text, width]) => (width < 0 ? text.padStart(-width) : text.padEnd(width))).join("  ");
const row = (date: string, text: string, amount: string, note: string): string => pad([[date, 10], [text, 22], [amount, -14], [note, 0]]);
const bytes = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join("\r\n"));

const ruled = [
  "                 FIRST NATIONAL BANK",
  "        STATEMENT OF ACCOUNT 123-456-789",
  "",
  "Date       Description                 Withdrawals     Deposits      Balance",
  "---------- ------------------------- ------------- ------------ ------------",
  "03/01/2024 Opening Balance                                          1,000.00",
  "03/04/2024 CHECK 1201 LANDLORD LLC        2,000.00                 -1,000.00",
  "03/15/2024 DEPOSIT  ACME CORP                          5,500.25     4,500.25",
  "03/29/2024 MONTHLY SERVICE FEE               15.00                  4,485.25",
  "                                     ------------- ------------",
  "           TOTAL                          2,015.00     5,500.25",
];

const russian = [
  "Выписка по счёту 40702810938000012345",
  "",
  row("Дата", "Контрагент", "Сумма", "Назначение платежа"),
  row("04.03.2024", "ООО Ромашка", "-15 000,00", "Оплата по счету 17"),
  row("05.03.2024", "ИП Иванов И.И.", "120 500,50", "Услуги"),
  row("06.03.2024", "ООО Ромашка", "-99,00", "Комиссия"),
  row("07.03.2024", "УФК по г. Москве", "-1 200 000,00", "Налог"),
  row("11.03.2024", "ООО Рога", "1 000,00", "Возврат"),
  row("12.03.2024", "ООО Копыта", "-7,50", "Канцелярия"),
];

const read = async (lines: readonly string[], hints = {}) => {
  const { understanding, rows, refused, skipped } = await readWhole(bytes(lines), { hints: { defaultCurrency: "USD", ...hints } });
  return {
    questions: understanding.questions.map(({ code }) => code),
    rows: rows.map(({ postedOn, amountMinor, description, counterparty, account }) => [postedOn, amountMinor, counterparty ?? description, account]),
    others: [...refused, ...skipped].map(({ line, reasonCode }) => `${line} ${reasonCode}`),
  };
};

describe("text whose columns keep to their places", () => {
  test("a ruler under the names shows the columns", async () => {
    expect(await read(ruled)).toEqual({
      questions: [],
      rows: [["2024-03-04", -200_000, "CHECK 1201 LANDLORD LLC", "123-456-789"], ["2024-03-15", 550_025, "DEPOSIT  ACME CORP", "123-456-789"], ["2024-03-29", -1500, "MONTHLY SERVICE FEE", "123-456-789"]],
      others: ["6 balance_line", "11 total"],
    });
  });

  test("shared gaps show the columns, amounts with blanks inside stay whole", async () => {
    const own = "40702810938000012345";
    expect(await read(russian)).toEqual({
      questions: [],
      rows: [
        ["2024-03-04", -1_500_000, "ООО Ромашка", own], ["2024-03-05", 12_050_050, "ИП Иванов И.И.", own], ["2024-03-06", -9900, "ООО Ромашка", own],
        ["2024-03-07", -120_000_000, "УФК по г. Москве", own], ["2024-03-11", 100_000, "ООО Рога", own], ["2024-03-12", -750, "ООО Копыта", own],
      ],
      others: [],
    });
  });

  test("few lines are asked about, the answer ends the question", async () => {
    expect((await read(russian.slice(0, 6))).questions).toEqual(["delimiter"]);
    expect((await read(russian.slice(0, 6), { answers: { delimiter: "fixed" } })).questions).toEqual([]);
  });

  test("a line that keeps to other places is refused, not read by half", async () => {
    const more = russian.slice(3).map((line) => line.replace(".03.", ".04."));
    const wide = [...russian, ...more].map((line, index) => (index === 6 ? line.replace("УФК по г. Москве      ", "УФК по г. Москве (МИФНС-46-по-г.-Москве)") : line));
    const { rows, others } = await read(wide);
    expect(rows).toHaveLength(11);
    expect(others).toEqual([expect.stringMatching(/^7 /)]);
  });

  test("an amount longer than all before it is read whole or refused", async () => {
    const alike = Array.from({ length: 24 }, (_, index) => row(`${index + 1}`.padStart(2, "0") + ".03.2024", index % 2 === 0 ? "ООО Ромашка" : "ИП Иванов", `-${index % 9} 999,00`.replace("-0 ", "-1 "), "Оплата"));
    const lines = [...russian.slice(0, 3), ...alike, row("25.03.2024", "ООО Ромашка", "-1 009 999,00", "Оплата")];
    const { rows, others } = await read(lines);
    expect(rows.length + others.length).toBe(25);
    expect(rows.filter(([, amountMinor]) => ![-199_900, -299_900, -399_900, -499_900, -599_900, -699_900, -799_900, -899_900, -100_999_900].includes(Number(amountMinor)))).toEqual([]);
    expect(rows.some(([postedOn, amountMinor]) => postedOn === "2024-03-25" && amountMinor !== -100_999_900)).toBe(false);
  });

  test("text without shared columns is refused as before", async () => {
    await expect(read(["Dear customer,", "on 13.03.2024 we took 5,00 from you.", "Thank you"])).rejects.toThrow(/import\.no_(?:table|date_column)/);
  });
});
