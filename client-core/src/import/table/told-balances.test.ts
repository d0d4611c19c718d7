import { describe, expect, test } from "vitest";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";

async function balancesOf(lines: readonly string[]): Promise<unknown> {
  const { understanding, rows } = await readWhole(encodeText(lines.join("\n"), "utf-8"), { hints: { defaultCurrency: "EUR" } });
  const [facts] = understanding.statements;
  return [facts?.openingMinor, rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0), facts?.closingMinor];
}

const rows = ["05.03.2024;Strom;-12,50", "06.03.2024;Kunde;500,00"];
const german = "Buchungstag;Verwendungszweck;Betrag";

describe("balances around a table", () => {
  test("above and below the rows, in cells of their own or behind the words", async () => {
    expect(await balancesOf(["Neuer Kontostand;1.487,50 EUR;", german, ...rows, "Alter Kontostand;1.000,00 EUR;"])).toEqual([100_000, 48_750, 148_750]);
    expect(await balancesOf(["Opening balance: 1,000.00;;", "Date;Text;Amount", "2024-03-05;a;-12.50", "2024-03-06;b;500.00", "Closing balance;;1,487.50"])).toEqual([100_000, 48_750, 148_750]);
    expect(await balancesOf(["Дата;Назначение;Сумма", "05.03.2024;а;-12,50", "06.03.2024;б;500,00", "Входящий остаток;;1 000,00 (П)", "Исходящий остаток;;1 487,50 (П)"])).toEqual([100_000, 48_750, 148_750]);
  });

  test("none where lines tell different ones, two amounts, or a running balance says more", async () => {
    expect(await balancesOf(["Opening balance;;1,000.00", "Date;Text;Amount", "2024-03-05;a;-12.50", "Opening balance;;900.00", "2024-03-06;b;500.00"])).toEqual([null, 48_750, null]);
    expect(await balancesOf([german, ...rows, "Endsaldo;100,00;200,00"])).toEqual([null, 48_750, null]);
    expect(await balancesOf(["Anfangssaldo;;1,00;", `${german};Saldo`, "05.03.2024;Strom;-12,50;987,50", "06.03.2024;Kunde;500,00;1.487,50"])).toEqual([null, 48_750, null]);
  });
});
