import fc from "fast-check";
import { describe, test } from "vitest";
import { readOrRefuse } from "./testing/read-or-refuse.ts";

const crumbs = fc.constantFrom(
  "Date", "Amount", "Дата", "Сумма", "Debit", "Credit", "Balance", "Total", "Type", ",", ",", ";", ";", "\t", "|", "\n", "\n", "\r\n", "\r", '"', '""', "'", " ", "\u00a0", "2023-04-13", "13/04/2023",
  "04/13/23", "13.04.2023 10:00", "3 мая 2024 г.", "Oct 3, 2014", "45000", "-12,50", "1.234,56", "(5.00)", "5.00-", "$1,000", "12.5 CR", "€", "RUB", "#N/A", "-", "CR", "DR", "Income", "Expense", "ООО", "sep=;\n", "1 234", "'", "\u2212", "\u0000", "\ufeff",
);

describe("any input", () => {
  test("random bytes never crash the reader", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), readOrRefuse), { numRuns: 500 });
  });

  test("crumbs of statements in any order never crash the reader", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(crumbs, { maxLength: 200 }), (parts) => readOrRefuse(new TextEncoder().encode(parts.join("")))),
      { numRuns: 800 },
    );
  });

  test("a statement with a few bytes changed never crashes the reader", async () => {
    const lines = Array.from({ length: 30 }, (_, at) => `${String((at % 28) + 1).padStart(2, "0")}.04.2023;"Платёж ${at}";${at % 2 === 0 ? "-" : ""}${at}2,50;RUB`);
    const whole = new TextEncoder().encode(`Дата;Назначение;Сумма;Валюта\n${lines.join("\n")}\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }), async (changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        await readOrRefuse(bytes);
      }),
      { numRuns: 200 },
    );
  });

  test("text set in columns with a few bytes changed never crashes the reader", async () => {
    const lines = Array.from({ length: 30 }, (_, at) => `2023-04-${String((at % 28) + 1).padStart(2, "0")}   ${`payment ${at}`.padEnd(20)}${`-${at}.50`.padStart(12)}   note`);
    const whole = new TextEncoder().encode(`Date         Description               Amount   Note\n${"-".repeat(10)}   ${"-".repeat(20)}${" ".repeat(3)}${"-".repeat(9)}   ----\n${lines.join("\n")}\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }), async (changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        await readOrRefuse(bytes);
      }),
      { numRuns: 100 },
    );
  });
});
