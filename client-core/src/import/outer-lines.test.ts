import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testLayouts, type Layout } from "./testing/layouts.ts";
import { readWhole } from "./testing/read-whole.ts";

const french = [
  "28/02/2024;-45,10;Prélèvement;;EDF FACTURE;0;Divers",
  "04/03/2024;1500,00;Virement;;VIR CLIENT FACTURE 5;0;Divers",
  "05/03/2024;-12,50;Carte;;CB CARREFOUR 04/03/24;0;Divers",
  "06/03/2024;1487,50;;;01234 123456X 00;0;",
];
const frenchRows = ["2024-02-28 -4510 EUR ||", "2024-03-04 150000 EUR ||", "2024-03-05 -1250 EUR ||"];

const exports: Readonly<Record<string, Layout>> = {
  "a closing balance in the last line, which nothing proves, is left out and asked about": {
    lines: french,
    rows: frenchRows,
    others: ["4 balance_line"],
    questions: ["outer_lines"],
    hints: { defaultCurrency: "EUR" },
  },
  "… and read when the person says that it is a payment": {
    lines: french,
    rows: [...frenchRows, "2024-03-06 148750 EUR ||"],
    hints: { defaultCurrency: "EUR", answers: { outerLines: "read" } },
  },
  "the account with both balances in the first line, proven by the sum of the rows": {
    lines: [
      `2024-03-06,01-03-2024,'12 1090 0000 0000 0001 2345 6789,KONTO FIRMOWE JAN,PLN,"975,00","2462,50",2,`,
      `06-03-2024,06-03-2024,FAKTURA 5,KLIENT SP Z OO,11 2222 3333,"1500,00","2462,50",1,`,
      `29-02-2024,29-02-2024,ZAKUP KARTA BIEDRONKA,,,"-12,50","962,50",2,`,
    ],
    rows: ["2024-03-06 150000 PLN |12109000000000000123456789|", "2024-02-29 -1250 PLN |12109000000000000123456789|"],
    others: ["1 balance_line"],
    hints: { defaultCurrency: "EUR" },
  },
  "rows that lack a word here and there are rows still": {
    lines: [
      "28/02/2024;-45,10;Prélèvement;;EDF FACTURE;0;Divers",
      "04/03/2024;1500,00;Virement;;VIR CLIENT FACTURE 5;0;",
      "05/03/2024;-12,50;Carte;;CB CARREFOUR 04/03/24;0;Divers",
      "06/03/2024;-9,90;Carte;;40817810938000012345;0;Divers",
    ],
    rows: ["2024-02-28 -4510 EUR ||", "2024-03-04 150000 EUR ||", "2024-03-05 -1250 EUR ||", "2024-03-06 -990 EUR ||"],
    hints: { defaultCurrency: "EUR" },
  },
};

describe("lines at the edges of a table without names that tell of the account", () => {
  testLayouts(exports);

  test("balances that the rows prove are those of the statement", async () => {
    const lines = [
      `01-03-2024;'12 1090 0000 0000 0001 2345 6789;KONTO JAN;975,00;2462,50`,
      "06-03-2024;FAKTURA 5;KLIENT SP Z OO;1500,00;x",
      "05-03-2024;ZAKUP KARTA;BIEDRONKA;-12,50;y",
    ];
    const { understanding } = await readWhole(new TextEncoder().encode(lines.join("\n")), { hints: { defaultCurrency: "PLN" } });
    expect(understanding.statements).toMatchObject([{ account: "12109000000000000123456789", openingMinor: 97_500, closingMinor: 246_250 }]);
  });

  test("whatever the rows are, the account's line is never one of them, nor any of them taken for it", async () => {
    const oneRow = fc.record({ day: fc.integer({ min: 13, max: 28 }), cents: fc.integer({ min: -9_999_999, max: 9_999_999 }).filter((cents) => cents !== 0), kind: fc.constantFrom("Carte", "Virement", "Prélèvement"), text: fc.constantFrom("EDF FACTURE 12", "CLIENT SARL", "CB 4974 CARREFOUR", "VIR 000123456789") });
    await fc.assert(
      fc.asyncProperty(fc.array(oneRow, { minLength: 3, maxLength: 30 }), fc.boolean(), fc.boolean(), fc.integer({ min: -500_000, max: 500_000 }), async (rows, isFirst, hasBoth, opening) => {
        const euros = (cents: number): string => `${cents < 0 ? "-" : ""}${Math.trunc(Math.abs(cents) / 100)},${String(Math.abs(cents) % 100).padStart(2, "0")}`;
        const lines = rows.map(({ day, cents, kind, text }) => `${day}/03/2024;${euros(cents)};${kind};${text};Divers`);
        const closing = opening + rows.reduce((sum, { cents }) => sum + cents, 0);
        const account = `31/03/2024;${euros(closing)};;01234 123456X 00;${hasBoth ? euros(opening) : ""}`;
        const file = isFirst ? [account, ...lines] : [...lines, account];
        const read = await readWhole(new TextEncoder().encode(file.join("\n")), { hints: { defaultCurrency: "EUR" } });
        expect(read.rows.map(({ amountMinor }) => amountMinor)).toEqual(rows.map(({ cents }) => cents));
        expect(read.skipped).toEqual([{ line: isFirst ? 1 : file.length, reasonCode: "balance_line" }]);
      }),
      { numRuns: 40 },
    );
  });

  test("the last line is looked at however long the file is", async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => `05/03/2024;-12,${10 + (index % 90)};Carte;;CB MAGASIN ${index};0;Divers`);
    const { rows: read, skipped } = await readWhole(new TextEncoder().encode([...rows, "06/03/2024;1487,50;;;01234 123456X 00;0;"].join("\n")), { hints: { defaultCurrency: "EUR" } });
    expect([read.length, skipped]).toEqual([2_500, [{ line: 2_501, reasonCode: "balance_line" }]]);
  });
});
