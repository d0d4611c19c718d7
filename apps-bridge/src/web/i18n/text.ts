import { IntlMessageFormat } from "intl-messageformat";
import type { Locale } from "../../format/locale.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";

/** Name of a text of the catalogues. */
export type TextKey = keyof typeof en;
/** What is put into a text. */
export type TextValues = Readonly<Record<string, string | number>>;

const catalogues: Readonly<Record<Locale, Readonly<Record<TextKey, string>>>> = { en, ru };
const compiled: Readonly<Record<Locale, Map<TextKey, IntlMessageFormat>>> = { en: new Map(), ru: new Map() };

/** A text in a language, ICU plurals and choices resolved. */
export function textOf(locale: Locale, key: TextKey, values: TextValues = {}): string {
  const known = compiled[locale].get(key);
  const message = known ?? new IntlMessageFormat(catalogues[locale][key], locale, undefined, { ignoreTag: true });
  if (known === undefined) compiled[locale].set(key, message);
  return String(message.format(values));
}
