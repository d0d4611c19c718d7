import { describe, expect, test } from "vitest";
import type { ImportHints } from "../model.ts";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";

function read(lines: readonly string[], hints: ImportHints = { defaultCurrency: "USD" }) {
  return readWhole(encodeText(lines.join("\n"), "utf-8"), { hints });
}

const bank = "!Type:Bank";

describe("QIF", () => {
  test("payee, memo, category and transfer of a record", async () => {
    const { understanding, rows } = await read([bank, "D12/31/2025", "T-1,234.50", "PShop", "MShoes", "LClothing:Shoes/Trip", "N101", "^", "D12/30/2025", "U5", "L[Savings]", "^"]);
    expect(understanding).toMatchObject({ format: "qif", dateOrder: { value: "MDY" }, questions: [] });
    expect(rows).toEqual([
      expect.objectContaining({ line: 2, postedOn: "2025-12-31", amountMinor: -123_450, currency: "USD", description: "Shoes", counterparty: "Shop", category: "Clothing:Shoes", kind: null }),
      expect.objectContaining({ line: 9, postedOn: "2025-12-30", amountMinor: 500, category: null, counterpartyAccount: "Savings", kind: "transfer" }),
    ]);
  });

  test.each([
    [["D1/ 5' 6", "D12/31'98"], ["2006-01-05", "2098-12-31"]],
    [["D13.02.2026", "D1.3.2026"], ["2026-02-13", "2026-03-01"]],
    [["D2026-02-13", "D2026-03-01"], ["2026-02-13", "2026-03-01"]],
    [["D2/13/26", "D3/1/26"], ["2026-02-13", "2026-03-01"]],
  ])("dates %j", async (dates, days) => {
    expect((await read([bank, ...dates.flatMap((date) => [date, "T1.00", "^"])])).rows.map((row) => row.postedOn)).toEqual(days);
  });

  test("dates that fit both orders are asked about, and the answer is kept to", async () => {
    const lines = [bank, "D03/04/2026", "T1.50", "^", "D05/06/2026", "T2.50", "^"];
    const { understanding } = await read(lines, { defaultCurrency: "EUR" });
    expect(understanding.questions).toMatchObject([{ code: "date_order", answerKey: "dateOrder", chosen: "DMY" }]);
    expect((await read(lines, { defaultCurrency: "EUR", answers: { dateOrder: "MDY" } })).rows.map((row) => row.postedOn)).toEqual(["2026-03-04", "2026-05-06"]);
  });

  test.each([
    ["T1,500", [], "decimal"],
    ["T1.500,25", [150_025], null],
    ["T-12,5", [-1250], null],
  ])("the amount %s", async (amount, minors, question) => {
    const { rows, understanding } = await read([bank, "D2026-02-13", amount, "^"]);
    expect(understanding.questions.map(({ code }) => code)).toEqual(question === null ? [] : [question]);
    if (question === null) expect(rows.map((row) => row.amountMinor)).toEqual(minors);
  });

  test("splits become parts that add up, and are dropped when they do not", async () => {
    const split = (second: string): string[] => [bank, "D2026-02-13", "T-100.00", "PStore", "SFood", "EApples", "$-60.00", "SHome", second, "^"];
    const [row] = (await read(split("$-40.00"))).rows;
    expect(row?.parts?.map(({ amountMinor, category, description }) => [amountMinor, category, description])).toEqual([[-6000, "Food", "Apples"], [-4000, "Home", "Store"]]);
    expect((await read(split("$-41.00"))).rows[0]).toMatchObject({ amountMinor: -10_000, parts: null });
  });

  test("several accounts are statements of their own; an opening balance is no transaction; lists are passed over", async () => {
    const account = (name: string): string[] => ["!Account", `N${name}`, "TBank", "^"];
    const { understanding, rows, skipped } = await read([
      "!Option:AutoSwitch", ...account("A"), "!Clear:AutoSwitch", "!Type:Cat", "NFood", "E", "^", ...account("A"), bank, "D2026-02-01", "T100.00", "POpening Balance", "L[A]", "^",
      "D2026-02-13", "T1.00", "^", ...account("B"), "!Type:CCard", "D2026-02-14", "T-2.00", "^",
    ]);
    expect(understanding.statements.map(({ account: name, openingMinor }) => [name, openingMinor])).toEqual([["A", 10_000], ["B", null]]);
    expect(rows.map(({ account: name, amountMinor, statement }) => [name, amountMinor, statement])).toEqual([["A", 100, 0], ["B", -200, 1]]);
    expect(skipped.map(({ reasonCode }) => reasonCode)).toEqual(["other_record", "balance_line"]);
  });

  test.each([
    [["T1.00", "PNo date"], { reasonCode: "date_missing", column: "D" }],
    [["D2026-02-30", "T1.00"], { reasonCode: "date_impossible", column: "D" }],
    [["D2026-02-13"], { reasonCode: "amount_missing", column: "T" }],
    [["D2026-02-13", "Tabc"], { reasonCode: "amount_unreadable", column: "T" }],
  ])("%j is refused", async (record, refusal) => {
    const { rows, refused } = await read([bank, "D2026-02-13", "T1.00", "^", ...record, "^"]);
    expect(rows).toHaveLength(1);
    expect(refused).toEqual([{ line: 5, ...refusal }]);
  });
});
