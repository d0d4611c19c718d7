import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { understandFile } from "./index.ts";
import { readWhole } from "./testing/read-whole.ts";
import { exchangeFigures, refusedStatements } from "./testing/exchange-statements.ts";
import { statementFigures, statementsWithoutDates, workbookRefusals } from "./testing/statements.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/statements/", import.meta.url));
const isPresent = existsSync(folder);

function allFiles(): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("."));
}

function checkRealFiles(): void {
  describe("real statement files, against figures counted without our parser", () => {
  test("every file of the folder has an expectation", () => {
    const found = allFiles().filter((name) => !name.endsWith(".md"));
    expect(found.toSorted()).toEqual([...Object.keys(statementFigures), ...statementsWithoutDates, ...Object.keys(exchangeFigures), ...Object.keys(refusedStatements), ...Object.keys(workbookRefusals)].toSorted());
  });

  test.each(Object.entries(statementFigures))("%s", async (path, expected) => {
    const { rows, refused, skipped, blank } = await readWhole(readFileSync(folder + path));
    const days = rows.map((row) => row.postedOn).toSorted();
    const total = (sign: number): number => rows.reduce((sum, row) => (Math.sign(row.amountMinor) === sign ? sum + row.amountMinor : sum), 0);
    expect({
      rows: rows.length, currencies: [...new Set(rows.map((row) => row.currency))], moneyIn: total(1), moneyOut: total(-1), firstOn: days[0], lastOn: days.at(-1),
      refused: refused.length, skipped: skipped.map((line) => `${line.line}:${line.reasonCode}`), blank,
    }).toEqual({
      rows: expected.rows, currencies: [expected.currency], moneyIn: expected.moneyIn, moneyOut: expected.moneyOut, firstOn: expected.firstOn, lastOn: expected.lastOn,
      refused: expected.refused ?? 0, skipped: expected.skipped ?? [], blank: expected.blank ?? 0,
    });
  });

  test.each(Object.entries(exchangeFigures))("%s", async (path, expected) => {
    const { understanding, rows, refused } = await readWhole(readFileSync(folder + path));
    const days = rows.map((row) => row.postedOn).toSorted();
    const total = (currency: string, sign: number): number => rows.reduce((sum, row) => (row.currency === currency && Math.sign(row.amountMinor) === sign ? sum + row.amountMinor : sum), 0);
    expect({
      counted: expected.counted,
      format: understanding.format,
      rows: rows.length,
      sums: Object.fromEntries([...new Set(rows.map((row) => row.currency))].map((currency) => [currency, [total(currency, 1), total(currency, -1)]])),
      firstOn: days[0] ?? null,
      lastOn: days.at(-1) ?? null,
      statements: understanding.statements.map(({ account, openingMinor, closingMinor }) => [account, openingMinor, closingMinor]),
      refused: refused.map((line) => `${line.line}:${line.reasonCode}`),
    }).toEqual({ ...expected, refused: expected.refused ?? [] });
  });

  test.each(statementsWithoutDates)("%s is a table without dates", async (path) => {
    const bytes = readFileSync(folder + path);
    expect((await understandFile(bytes)).missing).toContain("date");
    await expect(readWhole(bytes)).rejects.toThrow("import.no_date_column");
  });

  test.each(Object.entries(refusedStatements))("%s is refused: %s", async (path, code) => {
    await expect(readWhole(readFileSync(folder + path))).rejects.toMatchObject({ code });
  });
});
}

if (isPresent) checkRealFiles();
else test("NOT CHECKED: the folder of real statement files is absent beside the repository", () => expect(isPresent).toBe(false));
