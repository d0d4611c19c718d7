import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { importLimits } from "../index.ts";
import { readWhole } from "../testing/read-whole.ts";

const csv = "Date,Description,Amount,Currency\n2026-01-13,Coffee,-12.50,EUR\n2026-01-14,Tea,x,EUR\n2026-01-15,Cake,-3.20,EUR\n";
const mt940 = ":20:A\n:25:1/123456\n:28C:1\n:60F:C260101EUR10,00\n:61:260102D3,NMSC\n:86:Bread\n:62F:C260102EUR7,00\n-\n";
const qif = "!Type:Bank\nD2026-01-20\nT5.00\nPShop\n^\n";
const pdf = strToU8("%PDF-1.7\n");

describe("ZIP", () => {
  test("every file is a statement of its own; refused rows name their file; what is no statement is told", async () => {
    const archive = zipSync({ "jan/a.csv": strToU8(csv), "b.sta": strToU8(mt940), "__MACOSX/._a.csv": strToU8("x"), ".DS_Store": strToU8("x"), "letter.pdf": pdf, "folder/": new Uint8Array() });
    const { understanding, rows, refused, skipped } = await readWhole(archive);
    expect(understanding).toMatchObject({ format: "zip", files: [{ name: "a.csv", understanding: { format: "csv" } }, { name: "b.sta", understanding: { format: "mt940" } }], questions: [] });
    expect(understanding.statements.map(({ account, closingMinor }) => [account, closingMinor])).toEqual([[null, null], ["123456", 700]]);
    expect(rows.map(({ description, amountMinor, statement }) => [description, amountMinor, statement])).toEqual([["Coffee", -1250, 0], ["Cake", -320, 0], ["Bread", -300, 1]]);
    expect(refused).toEqual([{ line: 3, reasonCode: "amount_unreadable", column: "Amount", part: "a.csv" }]);
    expect(skipped).toEqual([{ line: 1, reasonCode: "no_statement", part: "letter.pdf" }]);
  });

  test("one answer holds for all files", async () => {
    const archive = zipSync({ "a.qif": strToU8(qif), "b.qif": strToU8(qif) });
    expect((await readWhole(archive)).understanding.questions.map(({ code }) => code)).toEqual(["currency"]);
    const { rows } = await readWhole(archive, { hints: { answers: { currency: "CHF" } } });
    expect(rows.map(({ currency, statement }) => [currency, statement])).toEqual([["CHF", 0], ["CHF", 1]]);
  });

  test("names that climb, hide or repeat are only names", async () => {
    const archive = zipSync({ "../../etc/passwd.qif": strToU8(qif), "C:\\x\\p\u202eassword.qif": strToU8(qif), "other/passwd.qif": strToU8(qif) });
    const { understanding } = await readWhole(archive, { hints: { defaultCurrency: "EUR" } });
    expect(understanding.format === "zip" ? understanding.files.map(({ name }) => name) : []).toEqual(["passwd.qif", "password.qif", "passwd.qif (2)"]);
  });

  const bomb = zipSync({ "bomb.csv": new Uint8Array(120_000_000) }, { level: 9 });
  const cut = zipSync({ "a.csv": strToU8(csv) });
  const lying = Uint8Array.from(zipSync({ "a.csv": strToU8(csv.repeat(50)) }));
  const directory = lying.findLastIndex((_, at) => lying[at] === 0x50 && lying[at + 1] === 0x4b && lying[at + 2] === 1 && lying[at + 3] === 2);
  lying[directory + 24] = 10;

  test.each([
    ["a bomb", bomb, "import.inflates_too_far"],
    ["several files that swell together", zipSync(Object.fromEntries(Array.from({ length: 4 }, (_, at) => [`${at}.csv`, strToU8(`${csv}${`${" ".repeat(60_000)}\n`.repeat(460)}`)])), { level: 0 }), "import.inflates_too_far"],
    ["an archive in an archive", zipSync({ "in.zip": zipSync({ "a.csv": strToU8(csv) }) }), "import.archive_nested"],
    ["nothing but a letter", zipSync({ "letter.pdf": pdf }), "import.archive_empty"],
    ["an archive cut off", cut.subarray(0, cut.length - 30), "import.archive_damaged"],
    ["a size that lies", lying, "import.archive_damaged"],
    ["too many files", zipSync(Object.fromEntries(Array.from({ length: importLimits.archiveEntriesMax + 1 }, (_, at) => [`${at}.csv`, new Uint8Array()])), { level: 0 }), "import.too_many_entries"],
    ["a damaged statement, by its name", zipSync({ "b.sta": strToU8(mt940.slice(0, 60)) }), "import.cut_off"],
  ])("%s is refused", async (name, archive, code) => {
    await expect(readWhole(archive)).rejects.toMatchObject({ code, ...(name.startsWith("a damaged") ? { detail: { line: 1, part: "b.sta" } } : {}) });
  });
});
