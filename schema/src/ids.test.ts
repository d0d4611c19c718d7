import { describe, expect, it } from "vitest";
import { idOfName, seededIds, systemIds } from "./ids.ts";
import { searchTextOf } from "./search-text.ts";

describe("ids", () => {
  it("are UUIDv7 in time order", () => {
    const ids = systemIds();
    const made = Array.from({ length: 1000 }, () => ids.next());
    expect(new Set(made).size).toBe(1000);
    expect(made.toSorted()).toEqual(made);
    expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("repeat for a seed", () => {
    const run = (seed: number) => {
      const ids = seededIds(seed, () => 1_700_000_000_000);
      return [ids.next(), ids.next()];
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it("of names are the same on every device, whatever the case and spacing", () => {
    expect(idOfName("category", "  Аренда  ОФИСА")).toBe(idOfName("category", "аренда офиса"));
    expect(idOfName("category", "Rent")).not.toBe(idOfName("account", "Rent"));
  });
});

describe("search text", () => {
  it("folds Cyrillic, ё and spaces", () => {
    expect(searchTextOf("Оплата  по СЧЁТУ", "ООО «Ёлка»")).toBe("оплата по счету ооо «елка»");
    expect(searchTextOf("Rent", null)).toBe("rent");
  });
});
