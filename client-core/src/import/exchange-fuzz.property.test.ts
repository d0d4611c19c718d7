import fc from "fast-check";
import { describe, test } from "vitest";
import { encodeText } from "./testing/encode-text.ts";
import { camtText, mt940Text, ofxText, oneCText, qifText, type Movement } from "./testing/exchange-files.ts";
import { readOrRefuse } from "./testing/read-or-refuse.ts";

const movements = Array.from({ length: 12 }, (_, at): Movement => ({ day: `2026-01-${String(at + 10)}`, amountMinor: at % 2 === 0 ? 1000 + at : -500 - at, text: `Оплата № ${at}`, name: `ООО «Ромашка» ${at}`, id: `R${at}` }));

const files: readonly (readonly [format: string, bytes: Uint8Array, crumbs: readonly string[]])[] = [
  ["1c", encodeText(oneCText(movements), "windows-1251"), ["1CClientBankExchange\r\n", "СекцияДокумент=", "КонецДокумента\r\n", "СекцияРасчСчет\r\n", "КонецРасчСчет\r\n", "КонецФайла\r\n", "РасчСчет=1\r\n", "Дата=01.02.2026\r\n", "Сумма=1.00\r\n", "ПлательщикСчет=1\r\n", "ДатаСписано=", "Сумма=1e9\r\n", "=\r\n", "\r\n"]],
  ["ofx", encodeText(ofxText(movements), "utf-8"), ["OFXHEADER:100\n", "<OFX>", "</OFX>", "<STMTRS>", "<STMTTRN>", "</STMTTRN>", "<TRNAMT>1,5", "<TRNAMT>", "<DTPOSTED>20260101", "<CURDEF>EUR", "<CURDEF>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE", "<?xml?>", "&#99999999;", "&amp;", "<", ">", "\n"]],
  ["qif", encodeText(qifText(movements), "utf-8"), ["!Type:Bank\n", "!Type:Cat\n", "!Account\n", "NName\n", "D1/2/26\n", "D'\n", "T1.00\n", "T1,000\n", "$1\n", "S[x]\n", "L[x]\n", "^\n", "^", "POpening Balance\n", "\n"]],
  ["mt940", encodeText(mt940Text(movements), "utf-8"), [":20:A\n", ":25:1/2\n", ":60F:C260101EUR1,\n", ":61:260101C1,NMSC\n", ":61:\n", ":86:166?00?20\n", ":86:/NAME//REMI/\n", ":62F:C260101EUR1,\n", "-\n", "-}\n", "{1:F01}{4:\n", "\n", "?20?", "\t"]],
  ["camt", encodeText(camtText(movements, "\n", 3), "utf-8"), ['<Document xmlns="camt.053">', "<BkToCstmrStmt>", "<Stmt>", "</Stmt>", "<Ntry>", "</Ntry>", '<Amt Ccy="EUR">1</Amt>', "<Amt>", "<CdtDbtInd>CRDT</CdtDbtInd>", "<BookgDt><Dt>2026-01-01</Dt></BookgDt>", "<NtryDtls>", "<TxDtls>", "<TxDtls/>", "<!--", "<![CDATA[", "]]>", "&lt;", "&x;", "<", ">", "</"]],
];

describe.each(files)("any input that begins like %s", (_, whole, crumbs) => {
  test("with a few bytes changed never crashes the reader", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }), async (changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        await readOrRefuse(bytes);
      }),
      { numRuns: 60 },
    );
  });

  test("cut off or with a piece missing never crashes the reader", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.nat(whole.length), async (from, to) => {
        const rest = [...whole.subarray(0, Math.min(from, to)), ...whole.subarray(Math.max(from, to))];
        await readOrRefuse(Uint8Array.from(rest));
        await readOrRefuse(whole.subarray(0, from));
      }),
      { numRuns: 40 },
    );
  });

  test("crumbs of it in any order never crash the reader", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...crumbs), { maxLength: 60 }), async (parts) => readOrRefuse(encodeText([crumbs[0], ...parts].join(""), "utf-8"))),
      { numRuns: 150 },
    );
  });
});
