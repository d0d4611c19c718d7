import { expect, it } from "vitest";
import { daysSinceInvoice } from "./invoice-date.ts";

it.each([
  ["Оплата по счёту № 118 от 01.09.2026 за услуги", "2026-09-21", 20],
  ["Счет на оплату 7 от 21.08.2026, без НДС", "2026-09-21", 31],
  ["Payment of invoice INV-77 dated 2026-09-01", "2026-09-21", 20],
  ["Invoice 77 of 01/09/2026", "2026-09-21", 20],
  // A month first, where the day first would be after the payment.
  ["Invoice 77 dated 09/10/2026", "2026-09-21", 11],
  ["Оплата по акту № 4 от 01.09.2026 к договору № 9 от 12.01.2020", "2026-09-21", 20],
])("%s", (description, postedOn, days) => {
  expect(daysSinceInvoice(description, postedOn)).toBe(days);
});

it.each(["Оплата по договору № 5 от 01.09.2026", "Аванс", "Счёт № 3 от 31.02.2026", "Счёт № 3 от 01.09.2020", "Счёт № 3 от 30.09.2026"])("nothing is told by %s", (description) => {
  expect(daysSinceInvoice(description, "2026-09-21")).toBeUndefined();
});
