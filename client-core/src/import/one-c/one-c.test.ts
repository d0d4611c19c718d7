import { describe, expect, test } from "vitest";
import { understandFile } from "../index.ts";
import type { ImportHints, TextEncoding } from "../model.ts";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";

const own = "40702810200000000001";
const second = "40702840300000000002";
const other = "40802810900000000077";

function file(body: readonly string[], header: readonly string[] = [`РасчСчет=${own}`]): string {
  return ["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", "ДатаНачала=01.02.2026", "ДатаКонца=28.02.2026", ...header, ...body, "КонецФайла"].join("\r\n");
}

function document(values: Readonly<Record<string, string>>, kind = "Платежное поручение"): string[] {
  return [`СекцияДокумент=${kind}`, ...Object.entries(values).map(([key, value]) => `${key}=${value}`), "КонецДокумента"];
}

const paid = { Номер: "7", Дата: "03.02.2026", Сумма: "1500.50", ПлательщикСчет: own, ДатаСписано: "04.02.2026", ПолучательСчет: other, Получатель1: "ООО Ромашка", ПолучательИНН: "7707083893", НазначениеПлатежа: "Счёт 5=6, НДС 20%" };
const received = { Номер: "8", Дата: "05.02.2026", Сумма: "99", ПлательщикРасчСчет: other, Плательщик: "ИНН 7707083893 АО Лютик", ДатаПоступило: "06.02.2026", ПолучательРасчСчет: own, НазначениеПлатежа1: "За", НазначениеПлатежа2: "товар" };

function read(text: string, encoding: TextEncoding = "windows-1251", hints: ImportHints = {}) {
  return readWhole(encodeText(text, encoding), { hints });
}

describe("1CClientBankExchange", () => {
  test("sections between, before and after documents are found where documents are passed over as bytes", async () => {
    const section = (account: string, closing: string): string[] => ["СекцияРасчСчет", `РасчСчет=${account}`, "НачальныйОстаток=10.00", `КонечныйОстаток=${closing}`, "КонецРасчСчет"];
    const filler = Array.from({ length: 9_000 }, (_, index) => document({ ...paid, Номер: String(index), НазначениеПлатежа: `Документ ${index}, СекцияДокумент`, Плательщик1: "ООО Мы" })).flat();
    const text = file([...document(paid), ...section(own, "5.00"), ...filler, ...section(second, "7.00"), ...document(received)]);
    for (const encoding of ["windows-1251", "utf-8", "utf-16le"] as const) {
      const { statements } = await understandFile(encodeText(text, encoding));
      expect(statements.map(({ account, closingMinor }) => [account, closingMinor])).toEqual([[own, 500], [second, 700]]);
    }
  });

  test("an account told inside of a document that is not closed is found too", async () => {
    const open = document(paid).slice(0, -1);
    const { statements } = await understandFile(encodeText(file([...open, "СекцияРасчСчет", `РасчСчет=${second}`, "КонецРасчСчет", ...document(received)]), "windows-1251"));
    expect(statements.map(({ account }) => account)).toEqual([second, own]);
  });

  test.each<TextEncoding>(["windows-1251", "ibm866", "utf-8", "utf-16le"])("in %s, whatever the header says, both directions with all their fields", async (encoding) => {
    const { understanding, rows, refused } = await read(file([...document(paid), "", ...document(received)]), encoding);
    expect(refused).toEqual([]);
    expect(understanding).toMatchObject({ format: "1c", encoding: { value: encoding }, currency: { value: "RUB" }, account: own, questions: [], missing: [] });
    expect(rows).toEqual([
      {
        line: 7, postedOn: "2026-02-04", amountMinor: -150_050, currency: "RUB", description: "Счёт 5=6, НДС 20%", counterparty: "ООО Ромашка", account: own, category: null,
        bankId: `7 03.02.2026 ${other}`, counterpartyAccount: other, counterpartyTaxId: "7707083893", kind: null, statement: 0, parts: null,
      },
      {
        line: 19, postedOn: "2026-02-06", amountMinor: 9900, currency: "RUB", description: "За товар", counterparty: "АО Лютик", account: own, category: null,
        bankId: `8 05.02.2026 ${other}`, counterpartyAccount: other, counterpartyTaxId: null, kind: null, statement: 0, parts: null,
      },
    ]);
    expect(understanding.sample[0]).toMatchObject({ line: 7, cells: ["04.02.2026", "7", "1500.50", "", "ООО Ромашка", "Счёт 5=6, НДС 20%"] });
  });

  test("a statement of its own for each account section, by day where an account has several", async () => {
    const section = (account: string, from: string, to: string, opening: string, closing: string): string[] => ["СекцияРасчСчет", `ДатаНачала=${from}`, `ДатаКонца=${to}`, `РасчСчет=${account}`, `НачальныйОстаток=${opening}`, `КонечныйОстаток=${closing}`, "КонецРасчСчет"];
    const sections = [...section(own, "01.02.2026", "04.02.2026", "2000.00", "499.50"), ...section(own, "05.02.2026", "28.02.2026", "499.50", "598.50"), ...section(second, "01.02.2026", "28.02.2026", "10.00", "9.00")];
    const dollars = { ...paid, Сумма: "1.00", ПлательщикСчет: second };
    const { understanding, rows } = await read(file([...sections, ...document(paid), ...document(received), ...document(dollars)], [`РасчСчет=${own}`, `РасчСчет=${second}`]));
    expect(understanding.statements).toEqual([
      { account: own, bank: null, currency: "RUB", from: "2026-02-01", to: "2026-02-04", openingMinor: 200_000, closingMinor: 49_950 },
      { account: own, bank: null, currency: "RUB", from: "2026-02-05", to: "2026-02-28", openingMinor: 49_950, closingMinor: 59_850 },
      { account: second, bank: null, currency: "USD", from: "2026-02-01", to: "2026-02-28", openingMinor: 1000, closingMinor: 900 },
    ]);
    expect(rows.map(({ statement, amountMinor, currency, account }) => ({ statement, amountMinor, currency, account }))).toEqual([
      { statement: 0, amountMinor: -150_050, currency: "RUB", account: own },
      { statement: 1, amountMinor: 9900, currency: "RUB", account: own },
      { statement: 2, amountMinor: -100, currency: "USD", account: second },
    ]);
  });

  test("a transfer between own accounts is a row of each, told once", async () => {
    const twin = "40702810500000000003";
    const transfer = { ...paid, ПолучательСчет: twin };
    const dated = await read(file([...document(transfer), ...document(transfer)], [`РасчСчет=${own}`, `РасчСчет=${twin}`]));
    expect(dated.rows.map(({ account, amountMinor, kind, counterpartyAccount }) => [account, amountMinor, kind, counterpartyAccount])).toEqual([[own, -150_050, "transfer", twin]]);
    expect(dated.skipped).toEqual([{ line: 19, reasonCode: "told_twice" }]);
    const undated = { ...transfer, ДатаСписано: "" };
    const { rows, skipped } = await read(file([...document(undated), ...document(undated)], [`РасчСчет=${own}`, `РасчСчет=${twin}`]));
    expect(rows.map(({ account, amountMinor }) => [account, amountMinor])).toEqual([[own, -150_050], [twin, 150_050]]);
    expect(skipped.map(({ reasonCode }) => reasonCode)).toEqual(["told_twice"]);
  });

  test.each([
    ["taxes by their budget code", document({ ...paid, ПоказательКБК: "18201061201010000510" }), "tax"],
    ["other payments to the state are none", document({ ...paid, ПоказательКБК: "18911301050016000130" }), null],
    ["fees a bank takes for itself", document({ ...paid, ПолучательСчет: "70601810800002740257" }, "Банковский ордер"), "fee"],
  ])("%s", async (_, body, kind) => {
    expect((await read(file(body))).rows.map((row) => row.kind)).toEqual([kind]);
  });

  test.each([
    ["a document the next one breaks into", [...document(paid).slice(0, -1), ...document(received)], "record_cut_off", 1],
    ["no date", document({ ...paid, Дата: "", ДатаСписано: "" }), "direction_unknown", 0],
    ["a day that is not in the calendar", document({ ...paid, ДатаСписано: "31.02.2026" }), "date_impossible", 0],
    ["an amount that is none", document({ ...paid, Сумма: "много" }), "amount_unreadable", 0],
    ["no amount", document({ ...paid, Сумма: "" }), "amount_missing", 0],
    ["neither side is listed and no date says which", document({ ...paid, ПлательщикСчет: "1", ДатаСписано: "" }), "direction_unknown", 0],
    ["both sides are one account", document({ ...paid, ПолучательСчет: own }), "payer_is_payee", 0],
  ])("%s", async (name, body, reasonCode, rowCount) => {
    const { rows, refused } = await read(file(body));
    if (name === "no date") return expect(refused).toEqual([{ line: 7, reasonCode: "date_missing", column: "Дата" }]);
    expect(refused).toEqual([expect.objectContaining({ line: 7, reasonCode })]);
    expect(rows).toHaveLength(rowCount);
  });

  test.each([
    ["within a document", file(document(paid)).split("НазначениеПлатежа")[0] ?? "", 7],
    ["without its last line", file(document(paid)).replace("КонецФайла", ""), 17],
  ])("a file cut %s is refused with the line", async (_, text, line) => {
    await expect(read(text)).rejects.toMatchObject({ code: "import.cut_off", detail: { line } });
  });

  test("a line without a key continues the purpose before it", async () => {
    const broken = document(paid).flatMap((line) => (line.startsWith("Назначение") ? [line, "вторая строка"] : [line]));
    expect((await read(file(broken))).rows.map((row) => row.description)).toEqual(["Счёт 5=6, НДС 20% вторая строка"]);
  });
});
