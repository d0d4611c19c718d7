import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeText } from "./testing/encode-text.ts";
import { readWhole, type WholeFile } from "./testing/read-whole.ts";
import { makeXlsx, number, text, type CellXml } from "./testing/workbook-parts.ts";

/** A transaction as the generator knows it. */
interface Truth {
  readonly day: string;
  readonly minor: number;
  readonly feeMinor: number;
  readonly text: string;
}

const truth: fc.Arbitrary<Truth> = fc.record({
  day: fc.integer({ min: 0, max: 4000 }).map((days) => new Date(Date.UTC(2015, 0, 1 + days)).toISOString().slice(0, 10)),
  minor: fc.oneof(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -1_234_567_89, max: 1_234_567_89 })).filter((value) => value !== 0),
  feeMinor: fc.integer({ min: 0, max: 999 }),
  text: fc.constantFrom("Coffee", "Rent March", "The Old Mill", "Invoice 17", "Salary", "Card 1234", "Tea"),
});
const truths = fc.array(truth, { minLength: 1, maxLength: 30 });
const sign = fc.constantFrom("signed" as const, "parentheses" as const, "pair" as const, "word" as const);
type Sign = "signed" | "parentheses" | "pair" | "word";

const plain = (minor: number): string => `${Math.trunc(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, "0")}`;
const dateOf = (day: string, style: "iso" | "dmy" | "mdy"): string => {
  const [year, month, date] = day.split("-");
  return style === "iso" ? day : style === "dmy" ? `${date}.${month}.${year}` : `${month}/${date}/${year}`;
};

/** What is read equals what was written, or is asked about, or refused by its line; never silently another sign, day or amount. */
function expectTold(rows: readonly { readonly day: string; readonly minor: number }[], { understanding, rows: read, refused }: WholeFile): void {
  const asked = new Set(understanding.questions.map(({ code }) => code));
  if ((["column", "header", "delimiter", "sheet"] as const).some((code) => asked.has(code))) return;
  expect(read.length + refused.length).toBe(rows.length);
  if (refused.length > 0) {
    if ((["date_order", "sign", "decimal", "fee"] as const).some((code) => asked.has(code))) return;
    const written = new Set(rows.map(({ day, minor }) => `${day} ${minor}`));
    expect(read.filter((row) => !written.has(`${row.postedOn} ${row.amountMinor}`))).toEqual([]);
    return;
  }
  if (!asked.has("date_order")) expect(read.map((row) => row.postedOn)).toEqual(rows.map(({ day }) => day));
  if (!(["sign", "decimal", "fee"] as const).some((code) => asked.has(code))) expect(read.map((row) => row.amountMinor)).toEqual(rows.map(({ minor }) => minor));
  if (!asked.has("decimal") && !asked.has("fee")) expect(read.map((row) => Math.abs(row.amountMinor))).toEqual(rows.map(({ minor }) => Math.abs(minor)));
}

const header = (style: Sign): readonly string[] => ["Date", "Description", ...(style === "pair" ? ["Paid out", "Paid in"] : style === "word" ? ["Amount", "Type"] : ["Amount"])];

interface Workbook {
  readonly is1904: boolean;
  readonly dates: "serial" | "iso" | "dmy" | "mdy";
  readonly amounts: "number" | "text";
  readonly sign: Sign;
  readonly preamble: number;
  readonly footer: boolean;
  readonly otherSheet: boolean;
}

const workbooks: fc.Arbitrary<Workbook> = fc.record({
  is1904: fc.boolean(), dates: fc.constantFrom("serial", "iso", "dmy", "mdy"), amounts: fc.constantFrom("number", "text"), sign,
  preamble: fc.integer({ min: 0, max: 5 }), footer: fc.boolean(), otherSheet: fc.boolean(),
});

function makeWorkbook(rows: readonly Truth[], style: Workbook): Uint8Array {
  const serial = (day: string): number => Date.parse(day) / 86_400_000 + 25_569 - (style.is1904 ? 1462 : 0);
  const date = (day: string): CellXml => (style.dates === "serial" ? number(serial(day), 1) : text(dateOf(day, style.dates)));
  const amount = (value: string): CellXml => (style.amounts === "number" ? number(value, 2) : text(value));
  const blank = "<c/>";
  const amounts = (minor: number): CellXml => {
    if (style.sign === "pair") return minor < 0 ? amount(plain(minor)) + blank : blank + amount(plain(minor));
    if (style.sign === "word") return amount(plain(minor)) + text(minor < 0 ? "Debit" : "Credit");
    if (style.sign === "parentheses" && style.amounts === "text") return text(minor < 0 ? `(${plain(minor)})` : plain(minor));
    return amount(`${minor < 0 ? "-" : ""}${plain(minor)}`);
  };
  const lines = [
    ...Array.from({ length: style.preamble }, (_, at) => (at % 2 === 0 ? text(`Account statement ${at}`) : blank)),
    header(style.sign).map(text).join(""),
    ...rows.map((row) => date(row.day) + text(row.text) + amounts(row.minor)),
    ...(style.footer ? [text("Total") + blank + amount("12345.67")] : []),
  ];
  const summary = [text("Summary"), text("Rows") + number(rows.length)];
  return makeXlsx({ is1904: style.is1904, formats: ["dd.mm.yyyy", "#,##0.00"], sheets: { ...(style.otherSheet ? { Summary: summary } : {}), Ledger: lines } });
}

interface Columns {
  readonly dates: "iso" | "dmy" | "mdy";
  readonly sign: Sign;
  readonly ruler: boolean;
  readonly preamble: number;
  readonly gap: number;
}

const fixed: fc.Arbitrary<Columns> = fc.record({ dates: fc.constantFrom("iso", "dmy", "mdy"), sign, ruler: fc.boolean(), preamble: fc.integer({ min: 0, max: 3 }), gap: fc.integer({ min: 2, max: 4 }) });

function makeFixed(rows: readonly Truth[], style: Columns): Uint8Array {
  const amounts = (minor: number): string[] => {
    if (style.sign === "pair") return minor < 0 ? [plain(minor), ""] : ["", plain(minor)];
    if (style.sign === "word") return [plain(minor), minor < 0 ? "Debit" : "Credit"];
    return [style.sign === "parentheses" ? (minor < 0 ? `(${plain(minor)})` : plain(minor)) : `${minor < 0 ? "-" : ""}${plain(minor)}`];
  };
  const names = header(style.sign);
  const widths = names.map((_, at) => (at === 0 ? 10 : at === 1 ? 16 : 14));
  const isText = (at: number): boolean => at < 2 || (style.sign === "word" && at === 3);
  const line = (cells: readonly string[]): string => cells.map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" ".repeat(style.gap)).trimEnd();
  const lines = [
    ...Array.from({ length: style.preamble }, (_, at) => (at % 2 === 0 ? `      STATEMENT ${at}` : "")),
    line(names),
    ...(style.ruler ? [widths.map((width) => "-".repeat(width)).join(" ".repeat(style.gap))] : []),
    ...rows.map((row) => line([dateOf(row.day, style.dates), row.text, ...amounts(row.minor)])),
  ];
  return encodeText(lines.join("\r\n"), "utf-8");
}

interface Fees {
  readonly balance: "with" | "without" | "none";
  readonly name: "Fee" | "Комиссия";
  readonly sign: 1 | -1;
}

const fees: fc.Arbitrary<Fees> = fc.record({ balance: fc.constantFrom("with", "without", "none"), name: fc.constantFrom("Fee", "Комиссия"), sign: fc.constantFrom(1, -1) });

/** `with`: the balance falls by the fee as well; `without`: the amounts hold it. */
function makeFees(rows: readonly Truth[], style: Fees): { readonly bytes: Uint8Array; readonly moved: readonly { readonly day: string; readonly minor: number }[] } {
  let balance = 1_000_000;
  const moved = rows.map((row) => ({ day: row.day, minor: style.balance === "with" ? row.minor - row.feeMinor : row.minor }));
  const signed = (minor: number): string => `${minor < 0 ? "-" : ""}${plain(minor)}`;
  const lines = rows.map((row, at) => {
    balance += moved[at]?.minor ?? 0;
    return [row.day, row.text, signed(row.minor), signed(style.sign * row.feeMinor), ...(style.balance === "none" ? [] : [signed(balance)])].join(",");
  });
  return { bytes: encodeText([`Date,Description,Amount,${style.name}${style.balance === "none" ? "" : ",Balance"}`, ...lines].join("\n"), "utf-8"), moved };
}

describe("generated files of other kinds", () => {
  test("workbooks: dates as text or as numbers of both calendars, preamble, other sheets, every sign style", async () => {
    await fc.assert(
      fc.asyncProperty(truths, workbooks, async (rows, style) => expectTold(rows, await readWhole(makeWorkbook(rows, style), { hints: { defaultCurrency: "EUR" }, batchRows: 7 }))),
      { numRuns: 150 },
    );
  });

  test("text whose columns keep to their places, with and without a ruler", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(truth, { minLength: 4, maxLength: 30 }), fixed, async (rows, style) => expectTold(rows, await readWhole(makeFixed(rows, style), { hints: { defaultCurrency: "EUR" } }))),
      { numRuns: 150 },
    );
  });

  test("fees that come off the balance or are in the amounts", async () => {
    await fc.assert(
      fc.asyncProperty(truths, fees, async (rows, style) => {
        const { bytes, moved } = makeFees(rows, style);
        expectTold(moved, await readWhole(bytes, { hints: { defaultCurrency: "EUR" } }));
      }),
      { numRuns: 150 },
    );
  });
});
