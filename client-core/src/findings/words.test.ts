import { expect, test } from "vitest";
import { sayFinding, type FindingFormats } from "./words.ts";

const formats: FindingFormats = { money: (amountMinor) => `£${amountMinor / 100}`, date: (date) => date, share: (permille) => `${permille / 10}%` };
const usual = { usualMinor: 10_000, usualLowMinor: 9_000, usualHighMinor: 11_000, payments: 12 };

test("what happened names whom it is about and what is usual", () => {
  const facts = { kind: "amount_unlike_vendor", counterparty: "Kiln Repairs", amountMinor: 50_000, ...usual } as const;
  expect(sayFinding(facts, "en", formats).happened).toBe("Kiln Repairs: £500, usually about £100.");
  expect(sayFinding(facts, "ru", formats).happened).toBe("Kiln Repairs: £500, обычно около £100.");
  const twice = { kind: "duplicate_exact", counterparty: "Kiln Repairs", amountMinor: 50_000, onDate: "2026-09-16", copies: 2, usualCopies: 1 } as const;
  expect(sayFinding(twice, "ru", formats).happened).toBe("Kiln Repairs: 2 × £500, 2026-09-16.");
});

test("a counterparty the bank does not name is said to be one", () => {
  const facts = { kind: "recurring_missing", counterparty: "", usualMinor: 10_000, period: "month", expectedOn: "2026-10-05", lastOn: "2026-09-05", payments: 9 } as const;
  expect(sayFinding(facts, "en", formats)).toMatchObject({ happened: "An unnamed counterparty: nothing since 2026-09-05.", expected: "About £100 of an unnamed counterparty on 2026-10-05, as every month." });
  expect(sayFinding(facts, "ru", formats).happened).toBe("Без имени контрагента: с 2026-09-05 платежей нет.");
});
