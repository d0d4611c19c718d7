import { describe, expect, test } from "vitest";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";
import { readDetails } from "./details.ts";

function message(movements: readonly string[], opening = "C251230EUR100,00", closing = "C260102EUR100,00"): string {
  return [":20:STARTUMS", ":25:NL91ABNA0417164300EUR", ":28C:1/1", `:60F:${opening}`, ...movements, `:62F:${closing}`, "-"].join("\r\n");
}

function read(text: string) {
  return readWhole(encodeText(text, "utf-8"));
}

describe("MT940", () => {
  test("a movement with its account, balances, details and bank reference", async () => {
    const { understanding, rows } = await read(message([":61:2601020102D12,5NTRFNONREF//REF9", ":86:177?00UEBERWEISUNG?20EREF+E1?21SVWZ+Rechnung 7 vom?22 1.1.?31DE89370400440532013000?32ACME?33 GmbH"]));
    expect(understanding).toMatchObject({ format: "mt940", currency: { value: "EUR" }, questions: [] });
    expect(understanding.statements).toEqual([{ account: "NL91ABNA0417164300", bank: null, currency: "EUR", from: "2025-12-30", to: "2026-01-02", openingMinor: 10_000, closingMinor: 10_000 }]);
    expect(rows).toEqual([
      expect.objectContaining({ line: 5, postedOn: "2026-01-02", amountMinor: -1250, description: "Rechnung 7 vom 1.1.", counterparty: "ACME GmbH", counterpartyAccount: "DE89370400440532013000", bankId: "REF9", account: "NL91ABNA0417164300" }),
    ]);
  });

  test("an interim report, which has no balances", async () => {
    const text = [":20:REPORT", ":25:PL29114010810000267002001002", ":28C:1/1", ":34F:PLN0,", ":13D:2601021815+0100", ":61:2601020102C3,50NTRFNONREF", ":86:Przelew", ":90C:1PLN3,50", "-"].join("\r\n");
    const { understanding, rows } = await read(text);
    expect(understanding.statements).toEqual([expect.objectContaining({ currency: "PLN", openingMinor: null, closingMinor: null })]);
    expect(rows).toEqual([expect.objectContaining({ postedOn: "2026-01-02", amountMinor: 350, currency: "PLN" })]);
  });

  test.each([
    ["C5,", 500],
    ["D5,05", -505],
    ["RC5,", -500],
    ["RD5,", 500],
    ["CR5,", 500],
    ["RCR5,", -500],
    ["D0,999", -100],
  ])("%s", async (mark, amountMinor) => {
    expect((await read(message([`:61:260102${mark}NMSCNONREF`]))).rows.map((row) => row.amountMinor)).toEqual([amountMinor]);
  });

  test.each([
    ["2512310102", "2026-01-02"],
    ["2601021231", "2025-12-31"],
    ["1602300301", "2016-03-01"],
  ])("the booking day of %s is %s", async (dates, postedOn) => {
    expect((await read(message([`:61:${dates}C1,NMSC`]))).rows.map((row) => row.postedOn)).toEqual([postedOn]);
  });

  test.each([
    [":61:160230C1,NMSC", "date_impossible"],
    [":61:1602300230C1,NMSC", "date_impossible"],
    [":61:260102X1,NMSC", "record_unreadable"],
    [":61:", "record_unreadable"],
  ])("%s is refused", async (line, reasonCode) => {
    const { rows, refused } = await read(message([line, ":61:260102C1,NMSC"]));
    expect(refused).toEqual([{ line: 5, reasonCode, column: ":61:" }]);
    expect(rows).toHaveLength(1);
  });

  test("several messages, enveloped or not, are statements of their own; expected movements are passed over", async () => {
    const enveloped = `{1:F01BANKDEFFXXXX0000000000}{2:O940}{4:\r\n${message([":61:260102C1,NMSC"]).replace(/-$/, "-}")}`;
    const { understanding, rows, skipped } = await read(`${enveloped}\r\n${message([":61:260103EC2,NMSC", ":61:260103D3,NCHG"], "D260102JPY7,", "D260103JPY10,")}`);
    expect(understanding.statements.map(({ currency, openingMinor, closingMinor }) => [currency, openingMinor, closingMinor])).toEqual([["EUR", 10_000, 10_000], ["JPY", -7, -10]]);
    expect(rows.map(({ statement, amountMinor, currency, kind }) => [statement, amountMinor, currency, kind])).toEqual([[0, 100, "EUR", null], [1, -3, "JPY", "fee"]]);
    expect(skipped).toEqual([expect.objectContaining({ reasonCode: "not_completed" })]);
  });

  test("a file that ends before the closing balance is refused with the line of its statement", async () => {
    await expect(read(message([":61:260102C1,NMSC"]).split(":62F:")[0] ?? "")).rejects.toMatchObject({ code: "import.cut_off", detail: { line: 1 } });
  });
});

describe("details", () => {
  test.each([
    ["/TRTP/SEPA OVERBOEKING/IBAN/NL86INGB0002445588/BIC/INGBNL2A/NAME/J. Jansen/REMI/Factuur 12/EREF/NOTPROVIDED", ["Factuur 12", "J. Jansen", "NL86INGB0002445588"]],
    ["/CNTP/NL32INGB0000012345/INGBNL2A/ING BANK NV//REMI/USTD//EV10001//", ["EV10001", "ING BANK NV", "NL32INGB0000012345"]],
    ["just some\twords", ["just some words", null, null]],
    ["166?00GUTSCHRIFT", ["GUTSCHRIFT", null, null]],
    ["166?2", ["166?2", null, null]],
  ])("%s", (text, [description, counterparty, counterpartyAccount]) => {
    expect(readDetails([text])).toEqual({ description, counterparty, counterpartyAccount });
  });
});
