import { expect, it } from "vitest";
import { createPseudonyms, type Subject } from "./pseudonyms.ts";

const category: Subject = { kind: "category", id: "1", name: "Аренда" };
const vendor: Subject = { kind: "vendor", id: "7707083893", name: "ООО «Тайна»" };
const client: Subject = { kind: "client", id: "x", name: "Secret Client Inc" };

it("tells categories by name and counterparties by stand-ins", () => {
  const names = createPseudonyms([category, vendor, client], { allowNames: false, locale: "ru" });
  expect([category, vendor, client].map((subject) => names.toldName(subject))).toEqual(["Аренда", "Поставщик 1", "Клиент 1"]);
  expect(names.refOf("vendor", vendor.id)).toBe("v1");
  expect(names.subjectOf("v1")).toBe(vendor);
  expect(names.restore("Плата [v1] за [c1].")).toBe("Плата «ООО «Тайна»» за «Аренда».");
});

it("tells names where the company allows it", () => {
  const names = createPseudonyms([vendor, client], { allowNames: true, locale: "en" });
  expect([vendor, client].map((subject) => names.toldName(subject))).toEqual(["ООО «Тайна»", "Secret Client Inc"]);
});

it("knows no reference it did not give out", () => {
  const names = createPseudonyms([category], { allowNames: false, locale: "en" });
  for (const ref of ["c2", "v1", "1", "", "__proto__", "constructor", "c1 "]) expect(names.subjectOf(ref)).toBeUndefined();
  expect(names.restore("Less [v1].")).toBeUndefined();
});
