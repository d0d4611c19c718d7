import { SaldoError } from "@saldo/schema";
import { describe, expect, test } from "vitest";
import { importLimits, recogniseFile } from "./index.ts";
import { readWhole } from "./testing/read-whole.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const header = "Date,Description,Amount\n2023-04-13,Coffee,-12.50\n2023-04-14,Tea,3.20\n";

/** The code and detail of what reading a file throws. */
async function failureOf(bytes: Uint8Array): Promise<{ code: string; detail: Readonly<Record<string, unknown>> }> {
  try {
    await readWhole(bytes);
  } catch (error) {
    if (error instanceof SaldoError) return { code: error.code, detail: error.detail };
    throw error;
  }
  return { code: "none", detail: {} };
}

describe("files that cannot be read are named for what they are", () => {
  test.each([
    ["nothing at all", text(""), "import.empty_file"],
    ["white space", text(" \r\n\t\n"), "import.empty_file"],
    ["a byte order mark alone", bytesOf("efbbbf"), "import.empty_file"],
    ["PNG", bytesOf("89504e470d0a1a0a0000000d49484452"), "import.is_image"],
    ["JPEG", bytesOf("ffd8ffe000104a464946"), "import.is_image"],
    ["PDF", text("%PDF-1.7\n"), "import.is_pdf"],
    ["ZIP", bytesOf("504b03041400000008000000"), "import.archive_damaged"],
    ["the head of an XLSX", text("PK\u0003\u0004\u0014\u0000[Content_Types].xml"), "import.archive_damaged"],
    ["the head of an XLS", bytesOf("d0cf11e0a1b11ae10000"), "import.archive_damaged"],
    ["HTML", text("<!DOCTYPE html><html>"), "import.is_web_page"],
    ["OFX", text("OFXHEADER:100\nDATA:OFXSGML\n"), "import.cut_off"],
    ["QIF", text("!Type:Cat\nNFood\n^\n"), "import.no_statement"],
    ["MT940", text(":20:STARTUMS\n:25:123/456\n:28C:1/1\n"), "import.cut_off"],
    ["CAMT", text('<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'), "import.xml_damaged"],
    ["1C text", text("1CClientBankExchange\r\nВерсияФормата=1.03\r\n"), "import.cut_off"],
    ["JSON", text('[{"date":"2023-01-01"}]'), "import.is_structured_text"],
    ["random bytes", bytesOf("0001020300040506000708090000ff0110000203"), "import.is_binary"],
    ["prose", text("Dear customer\nthank you for your letter\n"), "import.no_table"],
    ["a table without dates", text("a,b\n1,2\n3,4\n"), "import.no_date_column"],
  ])("%s", async (_, bytes, code) => {
    expect((await failureOf(bytes)).code).toBe(code);
  });

  test("a name never decides: the bytes do", () => {
    expect(recogniseFile(bytesOf("89504e470d0a1a0a"))).toBe("png");
    expect(recogniseFile(text(header))).toBe("delimited_text");
  });
});

describe("broken tables name line and limit", () => {
  test("NUL bytes", async () => {
    expect(await failureOf(text(`${header}2023-04-15,a\u0000b,1.00\n`))).toEqual({ code: "import.nul_bytes", detail: { line: 4, count: 1 } });
  });

  test("a quote opened and never closed", async () => {
    expect(await failureOf(text(`${header}2023-04-15,"open,1.00\n2023-04-16,x,1.00\n`))).toEqual({ code: "import.unclosed_quote", detail: { line: 4 } });
    expect(await failureOf(text(`${header}2023-04-15,"open,1.00\n2023-04-16,"x",1.00\n`))).toEqual({ code: "import.unclosed_quote", detail: { line: 4 } });
    const far = `${header}2023-04-15,"open,1.00\n${"2023-04-16,x,1.00\n".repeat(100_000)}`;
    expect(await failureOf(text(far))).toEqual({ code: "import.unclosed_quote", detail: { line: 4 } });
  });

  test("too many columns", async () => {
    expect(await failureOf(text(`${header}${",".repeat(1_000_000)}\n`))).toEqual({ code: "import.too_many_columns", detail: { line: 4, columnsMax: importLimits.columnsMax } });
  });

  test("a cell and a line that never end", async () => {
    expect((await failureOf(text(`${header}2023-04-15,${"x".repeat(100_000)},1.00\n`))).code).toBe("import.cell_too_long");
    expect(await failureOf(text(`${header}2023-04-15,${"x".repeat(5_000_000)}`))).toEqual({ code: "import.line_too_long", detail: { line: 4, recordCharsMax: importLimits.recordCharsMax } });
  });
});

test("two columns of one name: which of them is meant is asked", async () => {
  const { understanding, rows } = await readWhole(text("Date,Text,Amount,Amount\n2023-04-13,a,-12.50,-14.00\n2023-04-14,b,3.20,4.00\n2023-04-15,c,-1.00,-2.00\n"), { hints: { defaultCurrency: "EUR" } });
  expect(understanding.questions.map(({ code, chosen }) => `${code} ${chosen}`)).toEqual(["column 2:amount"]);
  expect(rows.map(({ amountMinor }) => amountMinor)).toEqual([-1250, 320, -100]);
});

describe("stray quotes", () => {
  test.each([
    ['5" pipe', '5" pipe'],
    ['"The ""Old"" Mill"', 'The "Old" Mill'],
    ['"The "Old" Mill"', 'The "Old" Mill'],
    ['"The "Old, Mill" Ltd"', 'The "Old, Mill" Ltd'],
    [' "padded" ', "padded"],
    ['"first" second', "first second"],
  ])("%s", async (cell, expected) => {
    const bytes = text(`${header}2023-04-15,${cell},1.00\n2023-04-16,after,2.00\n`);
    const { rows } = await readWhole(bytes);
    expect(rows.map((row) => row.description)).toEqual(["Coffee", "Tea", expected, "after"]);
  });
});

describe("line numbers are those of the file", () => {
  test.each(["\n", "\r\n", "\r"])("line end %j, with blank lines and cells over lines", async (lineEnd) => {
    const lines = ["Date,Description,Amount", "", '2023-04-13,"a', 'b",-12.50', "2023-04-14,Tea,3.20", "", "2023-04-15,bad,x"];
    const bytes = text(lines.join(lineEnd));
    const { rows, refused, blank } = await readWhole(bytes, { batchRows: 1 });
    expect(rows.map((row) => row.line)).toEqual([3, 5]);
    expect(refused).toEqual([{ line: 7, reasonCode: "amount_unreadable", column: "Amount" }]);
    expect(blank).toBe(2);
  });
});
