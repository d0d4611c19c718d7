import { SaldoError } from "@saldo/schema";
import { expect, test } from "vitest";
import { biff, f64, label, makeBiff8, makeCompound, numberCell, u16, u32, wide } from "../testing/biff-parts.ts";
import { readWhole } from "../testing/read-whole.ts";

const day = 45_029; // 13 April 2023
const header = ["Дата", "Назначение платежа", "Сумма"].map((name, column) => label(0, column, name));
const formats = ["dd.mm.yyyy", '#,##0.00\\ "₽"'];

async function failureOf(bytes: Uint8Array): Promise<string> {
  return readWhole(bytes).then(
    () => "none",
    (error: unknown) => (error instanceof SaldoError ? error.code : String(error)),
  );
}

test("numbers, packed numbers, formulas with results and texts of a legacy workbook, in its container", async () => {
  const packed = (value: number): number[] => u32((value << 2) | 2);
  const textFormula = biff(0x06, u16(3), u16(1), u16(0), [0, 0, 0, 0, 0, 0], u16(0xffff), u16(0), u32(0), u16(0));
  const records = [
    ...header,
    numberCell(1, 0, day, 1), label(1, 1, "Чай"), numberCell(1, 2, -1500000, 2),
    biff(0xbd, u16(2), u16(0), u16(1), packed(day + 1), u16(0), packed(7), u16(1)), biff(0x27e, u16(2), u16(2), u16(2), u32((-12_345 << 2) | 3)),
    numberCell(3, 0, day + 2, 1), textFormula, biff(0x207, u16(4), 1, wide("Кофе")), biff(0x06, u16(3), u16(2), u16(2), f64(0.1 + 0.2), u16(0), u32(0), u16(0)),
  ];
  const { rows, understanding } = await readWhole(makeCompound("Workbook", makeBiff8({ Выписка: records }, { formats })));
  expect(understanding).toMatchObject({ format: "xls", sheets: { value: ["Выписка"] } });
  expect(rows.map(({ line, postedOn, amountMinor, currency, description }) => `${line} ${postedOn} ${amountMinor} ${currency} ${description}`)).toEqual([
    "2 2023-04-13 -150000000 RUB Чай",
    "3 2023-04-14 -12345 RUB 7",
    "4 2023-04-15 30 RUB Кофе",
  ]);
});

test("shared texts that run over into the next record, in the other width there", async () => {
  const first = biff(0xfc, u32(2), u32(2), u16(3), 0, [...new TextEncoder().encode("Tea")], u16(6), 0, [...new TextEncoder().encode("Co")]);
  const rest = biff(0x3c, 1, wide("ffee"));
  const shared = (row: number, column: number, index: number): Uint8Array => biff(0xfd, u16(row), u16(column), u16(0), u32(index));
  const records = [...header, numberCell(1, 0, day, 1), shared(1, 1, 0), numberCell(1, 2, -1), numberCell(2, 0, day, 1), shared(2, 1, 1), numberCell(2, 2, -2)];
  const { rows } = await readWhole(makeBiff8({ S: records }, { formats, records: [first, rest] }));
  expect(rows.map(({ description }) => description)).toEqual(["Tea", "Coffee"]);
});

test("the 1904 date system, hidden rows and dates merged over rows", async () => {
  const records = [
    biff(0x208, u16(2), u16(0), u16(3), u16(255), u16(0), u16(0), u16(0x20), u16(0)),
    ...header, numberCell(1, 0, day - 1462, 1), label(1, 1, "a"), numberCell(1, 2, -1), label(2, 1, "b"), numberCell(2, 2, -2),
    biff(0xe5, u16(1), u16(1), u16(2), u16(0), u16(0)),
  ];
  const { rows, understanding } = await readWhole(makeBiff8({ S: records }, { formats, records: [biff(0x22, u16(1))] }));
  expect(rows.map(({ postedOn }) => postedOn)).toEqual(["2023-04-13", "2023-04-13"]);
  expect(understanding.questions.map(({ code }) => code)).toContain("hidden_rows");
});

test("protected, foreign and damaged files are named for what they are", async () => {
  const good = makeBiff8({ S: [...header, numberCell(1, 0, day, 1), label(1, 1, "a"), numberCell(1, 2, -1)] }, { formats });
  expect(await failureOf(makeBiff8({ S: header }, { records: [biff(0x2f, u16(1), new Uint8Array(52))] }))).toBe("import.workbook_encrypted");
  expect(await failureOf(makeCompound("EncryptedPackage", new Uint8Array(4096)))).toBe("import.workbook_encrypted");
  expect(await failureOf(makeCompound("WordDocument", new Uint8Array(4096)))).toBe("import.is_binary");
  expect(await failureOf(makeBiff8({ S: [] }))).toBe("import.empty_workbook");
  const container = makeCompound("Workbook", good);
  expect(await failureOf(container)).toBe("none");
  for (let length = 8; length < container.length; length += 331) expect(await failureOf(container.subarray(0, length))).toMatch(/^(?:none|import\.(?:archive_damaged|empty_workbook|no_date_column|is_binary))$/);
  // A chain of sectors that leads back to itself.
  const looped = Uint8Array.from(container);
  const fatAt = looped.length - 512;
  looped.set([0, 0, 0, 0], fatAt);
  expect(await failureOf(looped)).toBe("import.archive_damaged");
});
