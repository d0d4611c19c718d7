import type { Understanding } from "@saldo/client-core/import";
import { questionsOf } from "../core/import-questions.ts";
import { tableText, type Locale } from "./terminal.ts";

const words = { en: { unsure: "Not sure", taken: "Taken" }, ru: { unsure: "Не уверены", taken: "Принято" } } as const;

/** What a file leaves open, why, and what was taken for the answer; empty when nothing is. */
export function questionsText(understanding: Understanding, locale: Locale): string {
  const { unsure, taken } = words[locale];
  const lines = questionsOf(understanding).map(({ text, choices, chosen }) => {
    const label = choices.find(({ id }) => id === chosen)?.label[locale];
    return [unsure, label === undefined ? text[locale] : `${text[locale]} ${taken}: ${label}.`];
  });
  return lines.length === 0 ? "" : tableText(lines);
}
