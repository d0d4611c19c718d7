import { expect, test } from "vitest";
import { readWhole } from "../testing/read-whole.ts";

const report = [
  "ПАО Сбербанк. Выписка по счёту дебетовой карты",
  "Номер счёта 40817 810 9 3800 1234567",
  "Валюта РУБЛЬ РФ",
  "Остаток на 29.02.2024 10 000,00",
  "ДАТА ОПЕРАЦИИ (МСК)   КАТЕГОРИЯ   СУММА В ВАЛЮТЕ СЧЁТА   ОСТАТОК ПО СЧЁТУ",
  "Дата обработки и код авторизации   Описание операции",
  "05.03.2024 14:33 Супермаркеты 1 234,00 10 251,00",
  "05.03.2024 123456 MAGNIT MM KRASNODAR RUS. Операция по карте ****1234",
  "04.03.2024 09:10 Перевод на карту +1 500,00 11 485,00",
  "04.03.2024 654321 Перевод от И. Иван Иванович. Операция по карте",
  "****1234",
  "Продолжение на следующей странице",
  "01.03.2024 18:01 Рестораны и кафе 15,00 9 985,00",
  "02.03.2024 111222 KOFE; \"BODRO\" MOSKVA RUS",
  "Дата формирования документа 06.03.2024",
];

const read = (lines: readonly string[], lineEnd = "\n") => readWhole(new TextEncoder().encode(lines.join(lineEnd)), { hints: { defaultCurrency: "RUB" } });

test.each(["\n", "\r\n"])("operations printed over two lines are one row each: plus is in, no sign is out (line end %j)", async (lineEnd) => {
  const { understanding, rows, refused } = await read(report, lineEnd);
  expect(rows.map(({ line, postedOn, amountMinor, currency, category, description, balanceMinor }) => [line, postedOn, amountMinor, currency, category, description, balanceMinor])).toEqual([
    [7, "2024-03-05", -123_400, "RUB", "Супермаркеты", "MAGNIT MM KRASNODAR RUS. Операция по карте ****1234", 1_025_100],
    [9, "2024-03-04", 150_000, "RUB", "Перевод на карту", "Перевод от И. Иван Иванович. Операция по карте", 1_148_500],
    [13, "2024-03-01", -1_500, "RUB", "Рестораны и кафе", 'KOFE; "BODRO" MOSKVA RUS', 998_500],
  ]);
  expect([refused, understanding.questions]).toEqual([[], []]);
});

test("an operation whose first line cannot be read is refused by its line, never guessed", async () => {
  const lines = report.with(8, "04.03.2024 09:10 Перевод на карту сумма не указана");
  const { rows, refused } = await read(lines);
  expect([rows.length, refused.map(({ line }) => line)]).toEqual([2, [9]]);
});

test("a long report is read the same piece by piece", async () => {
  const head = report.slice(0, 6);
  const body = Array.from({ length: 12_000 }, (_, index) => [`05.03.2024 14:33 Супермаркеты ${index + 1},00 10 000,00`, `05.03.2024 123456 MAGNIT ${index}`]).flat();
  const { rows } = await read([...head, ...body]);
  expect([rows.length, rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0), rows.at(-1)?.description]).toEqual([12_000, -7_200_600_000, "MAGNIT 11999"]);
});
