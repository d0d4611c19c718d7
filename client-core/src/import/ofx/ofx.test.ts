import { describe, expect, test } from "vitest";
import type { ImportHints } from "../model.ts";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";

const sgmlHead = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1251\n\n";
const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n';

/** The same statement as unclosed SGML and as XML. */
function statement(transactions: readonly (readonly (readonly [string, string])[])[], style: "sgml" | "xml", currency = "EUR"): string {
  const leaf = (name: string, value: string): string => (style === "sgml" ? `<${name}>${value}\n` : `<${name}>${value}</${name}>`);
  const rows = transactions.map((fields) => `<STMTTRN>${fields.map(([name, value]) => leaf(name, value)).join("")}</STMTTRN>\n`).join("");
  const account = `<BANKACCTFROM>${leaf("BANKID", "044525225")}${leaf("ACCTID", "40817")}</BANKACCTFROM>`;
  const body = `<STMTRS>${leaf("CURDEF", currency)}${account}<BANKTRANLIST>${leaf("DTSTART", "20260101")}${leaf("DTEND", "20260131")}${rows}</BANKTRANLIST><LEDGERBAL>${leaf("BALAMT", "10.00")}</LEDGERBAL><AVAILBAL>${leaf("BALAMT", "99.00")}</AVAILBAL></STMTRS>`;
  return `${style === "sgml" ? sgmlHead : xmlHead}<OFX><BANKMSGSRSV1><STMTTRNRS>${body}</STMTTRNRS></BANKMSGSRSV1></OFX>`;
}

const coffee = [["TRNTYPE", "DEBIT"], ["DTPOSTED", "20260115120000.000[-5:EST]"], ["TRNAMT", "-4.50"], ["FITID", "A1"], ["NAME", "Caf&eacute; &amp; Bar"], ["MEMO", "two &amp;lt;cups&amp;gt;"]] as const;
const without = (name: string): [string, string][] => coffee.flatMap(([key, value]) => (key === name ? [] : [[key, value]]));
const withField = (name: string, value: string): [string, string][] => [...without(name), [name, value]];

function read(text: string, hints: ImportHints = {}) {
  return readWhole(encodeText(text, "utf-8"), { hints });
}

describe("OFX", () => {
  test.each(["sgml", "xml"] as const)("%s gives account, balance, ids and texts with their entities", async (style) => {
    const { understanding, rows } = await read(statement([coffee], style));
    expect(understanding).toMatchObject({ format: "ofx", currency: { value: "EUR" }, account: "40817", questions: [] });
    expect(understanding.statements).toEqual([{ account: "40817", bank: "044525225", currency: "EUR", from: "2026-01-01", to: "2026-01-31", openingMinor: null, closingMinor: 1000 }]);
    expect(rows).toEqual([
      expect.objectContaining({ postedOn: "2026-01-15", amountMinor: -450, currency: "EUR", counterparty: "Caf&eacute; & Bar", description: style === "sgml" ? "two <cups>" : "two &lt;cups&gt;", account: "40817", bankId: "A1", kind: null, statement: 0 }),
    ]);
  });

  test.each([
    ["-12,50", -1250],
    ["1.005", 101],
    ["-0.00499", 0],
    ["12,34567", 1235],
    ["+7", 700],
    ["1,234.56", 123_456],
    ["1.234,56", 123_456],
  ])("the amount %s", async (text, amountMinor) => {
    expect((await read(statement([withField("TRNAMT", text)], "sgml"))).rows.map((row) => row.amountMinor)).toEqual([amountMinor]);
  });

  test("Russian letters in the code page the header names", async () => {
    const { rows, understanding } = await readWhole(encodeText(statement([withField("NAME", "Кофейня «Уют»")], "sgml"), "windows-1251"));
    expect(rows[0]?.counterparty).toBe("Кофейня «Уют»");
    expect(understanding).toMatchObject({ encoding: { value: "windows-1251" } });
  });

  test.each([
    ["a transaction never closed", statement([coffee, withField("FITID", "A2")], "sgml").replaceAll("</STMTTRN>", ""), ["A1", "A2"]],
    ["a foreign currency", statement([withField("CURRENCY", "<CURRATE>1<CURSYM>JPY</CURRENCY>")], "sgml"), ["A1"]],
  ])("%s", async (name, text, ids) => {
    const { rows } = await read(text);
    expect(rows.map((row) => row.bankId)).toEqual(ids);
    if (name === "a foreign currency") expect(rows[0]).toMatchObject({ currency: "JPY", amountMinor: -5 });
  });

  test.each([
    [without("DTPOSTED"), "date_missing"],
    [withField("DTPOSTED", "20260231"), "date_impossible"],
    [withField("TRNAMT", "abc"), "amount_unreadable"],
    [without("TRNAMT"), "amount_missing"],
  ])("a transaction that cannot be read is refused by line: %j", async (fields, reasonCode) => {
    const { rows, refused } = await read(statement([coffee, fields], "xml"));
    expect(rows).toHaveLength(1);
    expect(refused).toEqual([expect.objectContaining({ line: 4, reasonCode })]);
  });

  test("a statement without a currency asks for it", async () => {
    const text = statement([coffee], "xml").replace("<CURDEF>EUR</CURDEF>", "");
    expect((await read(text)).understanding.questions).toMatchObject([{ code: "currency", answerKey: "currency" }]);
    expect((await read(text, { answers: { currency: "CHF" } })).rows[0]).toMatchObject({ currency: "CHF" });
    expect((await read(text, { defaultCurrency: "RUB" })).understanding.questions).toEqual([]);
  });

  test.each([
    ["cut within a transaction", statement([coffee], "sgml").split("<FITID>")[0] ?? "", "import.cut_off"],
    ["cut within a tag", statement([coffee], "xml").split("/OFX>")[0] ?? "", "import.cut_off"],
    ["without a statement", `${sgmlHead}<OFX><SIGNONMSGSRSV1><STATUS><CODE>15500</STATUS></SIGNONMSGSRSV1></OFX>`, "import.no_statement"],
    ["with entities of its own", `${xmlHead}<!DOCTYPE x [<!ENTITY a "aaaa">]><OFX></OFX>`, "import.xml_document_type"],
    ["with a value that never ends", statement([withField("MEMO", "x".repeat(3_000_000))], "sgml"), "import.line_too_long"],
  ])("a file %s is refused", async (_, text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code });
  });
});
