import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { understandFile } from "./index.ts";
import { encodeText } from "./testing/encode-text.ts";
import { readWhole } from "./testing/read-whole.ts";

/** A transaction as the generator knows it. */
interface Truth {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly minor: number;
  readonly text: string;
}

interface GeneratedDialect {
  readonly encoding: "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "windows-1251" | "windows-1252";
  readonly delimiter: "," | ";" | "\t" | "|";
  readonly decimal: "." | ",";
  readonly group: "" | " " | "\u00a0" | "'" | "other";
  readonly date: "DMY" | "MDY" | "ISO" | "DMYdots" | "short" | "named";
  readonly sign: "signed" | "trailing" | "parentheses" | "pair" | "word" | "flag";
  readonly preamble: number;
  readonly footer: boolean;
  readonly lineEnd: "\n" | "\r\n" | "\r";
  readonly language: "en" | "ru";
}

const words = {
  en: { date: "Date", text: "Description", amount: "Amount", debit: "Paid out", credit: "Paid in", flow: "Type", in: "Credit", out: "Debit", total: "Total", title: "Account statement" },
  ru: { date: "Дата", text: "Назначение платежа", amount: "Сумма", debit: "Расход", credit: "Приход", flow: "Тип операции", in: "Приход", out: "Расход", total: "Итого", title: "Выписка по счёту" },
};
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const dialects: fc.Arbitrary<GeneratedDialect> = fc.record({
  encoding: fc.constantFrom("utf-8", "utf-8-bom", "utf-16le", "utf-16be", "windows-1251", "windows-1252"),
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  decimal: fc.constantFrom(".", ","),
  group: fc.constantFrom("", " ", "\u00a0", "'", "other"),
  date: fc.constantFrom("DMY", "MDY", "ISO", "DMYdots", "short", "named"),
  sign: fc.constantFrom("signed", "trailing", "parentheses", "pair", "word", "flag"),
  preamble: fc.integer({ min: 0, max: 6 }),
  footer: fc.boolean(),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  language: fc.constantFrom("en", "ru"),
});

const truth: fc.Arbitrary<Truth> = fc.record({
    year: fc.integer({ min: 2015, max: 2027 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    minor: fc.oneof(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -123_456_789_00, max: 123_456_789_00 })).filter((value) => value !== 0),
    text: fc.constantFrom("Coffee", "Rent, March", 'The "Old" Mill', "Invoice 17; part 2", "a|b", "Multi\nline", "Salary", "Tax 2024", "-", "12.50"),
});
const truths = fc.array(truth, { minLength: 1, maxLength: 40 });
const manyTruths = fc.array(truth, { minLength: 25, maxLength: 60 });

function writeAmount(minor: number, dialect: GeneratedDialect): string {
  const cents = String(Math.abs(minor)).padStart(3, "0");
  const group = dialect.group === "other" ? (dialect.decimal === "." ? "," : ".") : dialect.group;
  return `${cents.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, group)}${dialect.decimal}${cents.slice(-2)}`;
}

function writeDate({ year, month, day }: Truth, style: GeneratedDialect["date"]): string {
  const [d, m] = [String(day).padStart(2, "0"), String(month).padStart(2, "0")];
  switch (style) {
    case "DMY": return `${d}/${m}/${year}`;
    case "MDY": return `${m}/${d}/${year}`;
    case "ISO": return `${year}-${m}-${d} 10:11:12`;
    case "DMYdots": return `${d}.${m}.${year}`;
    case "short": return `${month}/${day}/${String(year).slice(2)}`;
    case "named": return `${d}-${monthNames[month - 1] ?? ""}-${String(year).slice(2)}`;
  }
}

function amountCells(minor: number, dialect: GeneratedDialect): string[] {
  const plain = writeAmount(minor, dialect);
  const word = words[dialect.language];
  switch (dialect.sign) {
    case "signed": return [minor < 0 ? `-${plain}` : plain];
    case "trailing": return [minor < 0 ? `${plain}-` : plain];
    case "parentheses": return [minor < 0 ? `(${plain})` : plain];
    case "pair": return minor < 0 ? [plain, ""] : ["", plain];
    case "word": return [plain, minor < 0 ? word.out : word.in];
    case "flag": return [`${plain} ${minor < 0 ? "DR" : "CR"}`];
  }
}

function writeFile(rows: readonly Truth[], dialect: GeneratedDialect): Uint8Array {
  const word = words[dialect.language];
  const header = [word.date, word.text, ...(dialect.sign === "pair" ? [word.debit, word.credit] : dialect.sign === "word" ? [word.amount, word.flow] : [word.amount])];
  const quote = (cell: string): string => (/["\r\n]/.test(cell) || cell.includes(dialect.delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const lines: string[][] = [];
  for (let at = 0; at < dialect.preamble; at += 1) lines.push(at % 2 === 0 ? [`${word.title} ${at}`] : [""]);
  lines.push(header);
  for (const row of rows) lines.push([writeDate(row, dialect.date), row.text, ...amountCells(row.minor, dialect)]);
  if (dialect.footer) lines.push([word.total, "", ...amountCells(12_345_67, dialect)]);
  return encode(lines.map((cells) => cells.map(quote).join(dialect.delimiter)).join(dialect.lineEnd) + dialect.lineEnd, dialect.encoding);
}

function encode(text: string, encoding: GeneratedDialect["encoding"]): Uint8Array {
  if (encoding === "utf-8-bom") return encodeText(`\ufeff${text}`, "utf-8");
  return encodeText(encoding.startsWith("utf-16") ? `\ufeff${text}` : text, encoding);
}

function isoOf({ year, month, day }: Truth): string {
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

describe("generated dialects", () => {
  test("what is read equals what was written, or a question is asked, or the row is refused by line", async () => {
    await fc.assert(
      fc.asyncProperty(truths, dialects, async (rows, dialect) => {
        fc.pre(!(dialect.language === "ru" && dialect.encoding === "windows-1252"));
        const bytes = writeFile(rows, dialect);
        const understanding = await understandFile(bytes, { defaultCurrency: "EUR" });
        const asked = new Set(understanding.questions.map((question) => question.code));
        if (asked.has("column") || asked.has("header") || asked.has("delimiter")) return;
        const { rows: read, refused: refusals } = await readWhole(bytes, { understanding, batchRows: 7 });
        const refused = refusals.length;
        expect(read.length + refused).toBe(rows.length);
        if (refused > 0) {
          const written = new Set(rows.map((row) => `${isoOf(row)} ${row.minor}`));
          if (!asked.has("date_order") && !asked.has("sign") && !asked.has("decimal")) expect(read.filter((row) => !written.has(`${row.postedOn} ${row.amountMinor}`))).toEqual([]);
          return;
        }
        if (!asked.has("date_order")) expect(read.map((row) => row.postedOn)).toEqual(rows.map(isoOf));
        if (!asked.has("sign") && !asked.has("decimal")) expect(read.map((row) => row.amountMinor)).toEqual(rows.map((row) => row.minor));
        if (!asked.has("decimal")) expect(read.map((row) => Math.abs(row.amountMinor))).toEqual(rows.map((row) => Math.abs(row.minor)));
        expect(read.map((row) => row.description)).toEqual(rows.map((row) => row.text.replace("\n", " ")));
      }),
      { numRuns: 1000 },
    );
  });

  test("files of a usual size are read without a question about dates, signs or decimals", async () => {
    await fc.assert(
      fc.asyncProperty(manyTruths, dialects, async (rows, dialect) => {
        fc.pre(!(dialect.language === "ru" && dialect.encoding === "windows-1252"));
        const understanding = await understandFile(writeFile(rows, dialect), { defaultCurrency: "RUB" });
        expect(understanding.questions).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
