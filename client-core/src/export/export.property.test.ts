import { minor } from "@saldo/schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guardCell, type ReadRow } from "../import/index.ts";
import { readWhole } from "../import/testing/read-whole.ts";
import { exportRows, type ExportRequest, type ExportRow, type ExportStatement } from "./index.ts";

const letters = Array.from("abcXYZ абвЭЮЯ 0123456789 &<>\"';,=+-@|«»№%()\t");
const text = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 30 })
  .map((characters) => characters.join("").replace(/\s+/g, " ").trim())
  .filter((words) => /\p{L}/u.test(words) && !/^(?:#N\/A|ИНН )/.test(words));
const day = fc.integer({ min: 0, max: 3000 }).map((days) => new Date(Date.UTC(2019, 0, 1 + days)).toISOString().slice(0, 10));
const digits = (count: number) => fc.array(fc.integer({ min: 1, max: 9 }), { minLength: count, maxLength: count }).map((all) => all.join(""));
const rows: fc.Arbitrary<ExportRow[]> = fc.array(
  fc.record({
    id: fc.uuid(),
    postedOn: day,
    amountMinor: fc.integer({ min: -1e12, max: 1e12 }).filter((amount) => amount !== 0).map(minor),
    description: text,
    counterparty: fc.option(text),
    category: fc.option(text),
    bankId: fc.option(digits(12)),
    counterpartyAccount: fc.option(digits(20)),
    counterpartyTaxId: fc.option(digits(10)),
  }),
  { minLength: 1, maxLength: 12 },
);

async function written(request: ExportRequest): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of exportRows(request)) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces.map((piece) => new Uint8Array(piece))).arrayBuffer());
}

function requestOf(exported: readonly ExportRow[], format: ExportRequest["format"], more: Partial<ExportRequest & ExportStatement> = {}): ExportRequest {
  const sum = (sign: number) => minor(exported.reduce((total, { amountMinor }) => (Math.sign(amountMinor) === sign ? total + Math.abs(amountMinor) : total), 0));
  const days = exported.map(({ postedOn }) => postedOn).toSorted();
  const statement: ExportStatement = { account: more.account ?? "40702810900000000001", currency: more.currency ?? "RUB", from: days[0] ?? "", to: days.at(-1) ?? "", inMinor: sum(1), outMinor: sum(-1) };
  return {
    format, statements: [statement], exportedOn: "2026-11-27", locale: more.locale ?? "en",
    async *rowsOf() {
      yield await Promise.resolve(exported);
    },
    ...(more.encoding === undefined ? {} : { encoding: more.encoding }),
  };
}

type Field = keyof ExportRow & keyof ReadRow;

function only(all: readonly (ExportRow | ReadRow)[], fields: readonly Field[]): unknown[] {
  return all.map((row) => Object.fromEntries(fields.map((field) => [field, row[field]])));
}

describe("rows exported come back equal in all the format carries", () => {
  test("CSV, in both languages, formulas guarded", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom("en" as const, "ru" as const), async (exported, locale) => {
        const bytes = await written(requestOf(exported, "csv", { locale }));
        const { rows: read, refused, skipped } = await readWhole(bytes, { hints: { answers: { sign: "signed" } } });
        expect([refused, skipped]).toEqual([[], []]);
        expect(only(read, ["postedOn", "amountMinor", "description", "counterparty", "category"])).toEqual(only(exported, ["postedOn", "amountMinor", "description", "counterparty", "category"]));
        expect(new Set(read.map(({ account, currency }) => `${account} ${currency}`))).toEqual(new Set(["40702810900000000001 RUB"]));
      }),
      { numRuns: 150 },
    );
  });

  test("XLSX, in any currency, formulas guarded", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom("en" as const, "ru" as const), fc.constantFrom("RUB", "JPY", "KWD"), async (exported, locale, currency) => {
        const bytes = await written(requestOf(exported, "xlsx", { locale, currency }));
        const { rows: read, refused, skipped } = await readWhole(bytes, { hints: { answers: { sign: "signed" } } });
        expect([refused, skipped]).toEqual([[], []]);
        expect(only(read, ["postedOn", "amountMinor", "description", "counterparty", "category"])).toEqual(only(exported, ["postedOn", "amountMinor", "description", "counterparty", "category"]));
        expect(new Set(read.map((row) => `${row.account} ${row.currency}`))).toEqual(new Set([`40702810900000000001 ${currency}`]));
      }),
      { numRuns: 100 },
    );
  });

  test("OFX, in any currency", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom("RUB", "JPY", "KWD"), async (exported, currency) => {
        const bytes = await written(requestOf(exported, "ofx", { currency }));
        const { rows: read, refused } = await readWhole(bytes);
        expect(refused).toEqual([]);
        const fields: readonly Field[] = ["postedOn", "amountMinor", "description", "counterparty", "bankId", "counterpartyAccount"];
        expect(only(read, fields)).toEqual(only(exported.map((row) => ({ ...row, bankId: row.bankId ?? row.id })), fields));
        expect(new Set(read.map((row) => row.currency))).toEqual(new Set([currency]));
      }),
      { numRuns: 150 },
    );
  });

  test("1C text, in both encodings", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom("utf-8" as const, "windows-1251" as const), async (exported, encoding) => {
        const known = exported.map((row) => ({ ...row, bankId: row.bankId === null ? null : `${row.bankId} 01.02.2026 ${row.counterpartyAccount ?? ""}`.trimEnd() }));
        const bytes = await written(requestOf(known, "1c", { encoding }));
        const { rows: read, refused, skipped } = await readWhole(bytes);
        expect([refused, skipped]).toEqual([[], []]);
        const fields: readonly Field[] = ["postedOn", "amountMinor", "description", "counterparty", "bankId", "counterpartyAccount", "counterpartyTaxId"];
        expect(only(read, fields)).toEqual(only(known, fields));
      }),
      { numRuns: 150 },
    );
  });

  test("1C text refuses a currency it cannot carry", async () => {
    const request = requestOf([], "1c", { currency: "USD", account: "Main account" });
    await expect(written(request)).rejects.toMatchObject({ code: "export.currency_not_carried", detail: { currency: "USD" } });
  });
});

describe("text cells", () => {
  test.each(["=1+1", "+1", "-1", "@a", "\tx", "\rx", "\u0000=1", " =1", "\n=1", "＝1", "'=1", "-100.50"])("%j is no formula", (cell) => {
    expect(guardCell(cell)).toBe(`'${cell}`);
  });

  test.each(["plain", "1=1", "it's", "'quoted'", "№ 5"])("%j stays", (cell) => {
    expect(guardCell(cell)).toBe(cell);
  });
});
