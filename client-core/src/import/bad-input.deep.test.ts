import { SaldoError } from "@saldo/schema";
import { describe, expect, test } from "vitest";
import { readRows, understandFile, type FileBytes } from "./index.ts";

const gigabyte = 1_000_000_000;
const megabyte = 1024 * 1024;
/** What reading may hold beside the process as it was: pieces, one batch, and garbage not yet collected. */
const heldMegabytesMax = 200;

/** A file that nobody holds: a head, then one pattern again and again up to a length. Notes the most memory the process ever had while it was read. */
function endless(head: string, pattern: string, byteLength: number): FileBytes & { grownMegabytes(): number } {
  const start = new TextEncoder().encode(head);
  const tile = new TextEncoder().encode(pattern.repeat(Math.ceil(megabyte / pattern.length)));
  const period = pattern.length;
  const before = process.memoryUsage.rss();
  let most = before;
  return {
    byteLength,
    subarray(from, to) {
      most = Math.max(most, process.memoryUsage.rss());
      const slice = new Uint8Array(Math.max(0, Math.min(to, byteLength) - from));
      for (let at = 0; at < slice.length; ) {
        const place = from + at;
        const source = place < start.length ? start.subarray(place) : tile.subarray((place - start.length) % period);
        const part = source.subarray(0, slice.length - at);
        slice.set(part, at);
        at += part.length;
      }
      return slice;
    },
    grownMegabytes: () => (Math.max(most, process.memoryUsage.rss()) - before) / megabyte,
  };
}

async function readAll(file: FileBytes): Promise<{ code: string; rows: number }> {
  let rows = 0;
  try {
    const understanding = await understandFile(file, { defaultCurrency: "USD" });
    for await (const batch of readRows(file, understanding)) rows += batch.rows.length;
  } catch (error) {
    if (error instanceof SaldoError) return { code: error.code, rows };
    throw error;
  }
  return { code: "none", rows };
}

const table = "Date,Description,Amount\n2023-04-13,Coffee,-12.50\n2023-04-14,Tea,3.20\n";
const oneC = "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nСекцияДокумент=Платежное поручение\r\nНазначениеПлатежа=";
const ofx = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKTRANLIST><STMTTRN><NAME>";
const camt = '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>';

describe("a gigabyte is read in pieces: the process never holds it", () => {
  test.each([
    ["a line", `${table}2023-04-15,`, "x"],
    ["a cell in quotes", `${table}2023-04-15,"`, "x"],
    ["a line of more columns than a million", `${table}2023-04-15`, ","],
    ["a file of one line from the first byte on", "", "x;1"],
    ["a field of 1C text", oneC, "x"],
    ["a field of OFX", ofx, "x"],
    ["a field of QIF", "!Type:Bank\nD01/02/2023\nT-1.00\nM", "x"],
    ["a field of MT940", ":20:STARTUMS\n:25:123/456\n:28C:1/1\n:60F:C230101EUR0,00\n:86:", "x"],
    ["an element of camt", camt, "x"],
  ])("%s", { timeout: 300_000 }, async (_, head, pattern) => {
    const file = endless(head, pattern, gigabyte);
    const { code, rows } = await readAll(file);
    expect(code).toMatch(/^import\./);
    expect(rows).toBeLessThanOrEqual(2);
    expect(file.grownMegabytes()).toBeLessThan(heldMegabytesMax);
  });

  test("honest rows", { timeout: 300_000 }, async () => {
    const row = "2023-04-15,Some merchant of some town,-12.50\n";
    const wanted = 4_000_000;
    const file = endless(table, row, table.length + row.length * wanted);
    expect(await readAll(file)).toEqual({ code: "none", rows: wanted + 2 });
    expect(file.grownMegabytes()).toBeLessThan(heldMegabytesMax);
  });
});
