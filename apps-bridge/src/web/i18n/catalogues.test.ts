import { IntlMessageFormat } from "intl-messageformat";
import { expect, test } from "vitest";
import { en } from "./en.ts";
import { ru } from "./ru.ts";
import { textOf } from "./text.ts";

const languages = { en, ru } as const;

/** Names of what is put into a text, with the forms each plural has. */
function shapeOf(text: string, locale: string): { readonly names: ReadonlySet<string>; readonly plurals: readonly string[][] } {
  const names = new Set<string>();
  const plurals: string[][] = [];
  const walk = (elements: readonly unknown[]): void => {
    for (const element of elements) {
      if (typeof element !== "object" || element === null) continue;
      if ("value" in element && typeof element.value === "string" && "type" in element && element.type !== 0) names.add(element.value);
      if (!("options" in element) || typeof element.options !== "object" || element.options === null) continue;
      const options = Object.entries(element.options);
      if ("pluralType" in element) plurals.push(options.map(([form]) => form));
      for (const [, option] of options) if (typeof option === "object" && option !== null && "value" in option && Array.isArray(option.value)) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst());
  return { names, plurals };
}

test("both languages have the same texts and put the same things into them", () => {
  expect(Object.keys(ru).toSorted()).toEqual(Object.keys(en).toSorted());
  for (const [key, text] of Object.entries(en)) {
    const other = Object.entries(ru).find(([name]) => name === key)?.[1] ?? "";
    expect(shapeOf(other, "ru").names, key).toEqual(shapeOf(text, "en").names);
  }
});

test("a Russian plural has all the forms Russian has", () => {
  for (const [key, text] of Object.entries(ru)) {
    for (const forms of shapeOf(text, "ru").plurals) {
      const spelled = forms.filter((form) => !form.startsWith("="));
      if (spelled.length === 1) continue;
      expect(spelled.toSorted(), key).toEqual(["few", "many", "one", "other"]);
    }
  }
});

test("no text is empty or left in the other language", () => {
  for (const [locale, texts] of Object.entries(languages)) {
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim(), `${locale} ${key}`).not.toBe("");
      if (locale === "en") expect(text, key).not.toMatch(/[а-яё]/i);
    }
  }
});

test("plurals and choices are said in words", () => {
  expect(textOf("ru", "sync.waiting", { count: 3 })).toBe("3 изменения ждут");
  expect(textOf("ru", "sync.waiting", { count: 21 })).toBe("21 изменение ждёт");
  expect(textOf("en", "runway.days", { count: 1 })).toBe("Lasts 1 day");
  expect(textOf("ru", "revenue.finding", { revenue: "up", profit: "down" })).toBe("Выручка растёт, прибыль — нет");
});
