import { expect, test } from "vitest";
import { documentNumber } from "./document-number.ts";

test.each([
  ["Оплата по счету № 1234 от 05.03.2024", "Счет №1234 от 05.03.2024. НДС не облагается", true],
  ["Invoice INV-2024/117", "inv-2024/117 paid", true],
  ["Invoice INV-2024/117", "Invoice INV-2024/118", false],
  ["Order 777-1", "Order 7771", false],
  ["Order 77.7", "Order 777", false],
])("%s and %s name the same document: %s", (one, other, isSame) => {
  expect(documentNumber(one) === documentNumber(other)).toBe(isSame);
});

test.each(["", "Аренда за март", "Room 12, floor 3"])("%s names none", (text) => {
  expect(documentNumber(text)).toBe(0);
});
