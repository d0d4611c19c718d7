/**
 * A header or a cell as plain words for comparing: lower case, no accents, ё as е, camelCase and punctuation as single blanks.
 * `ZeroDayFloat` → `zero day float`, `Auftraggeber/Empfänger` → `auftraggeber empfanger`.
 */
export function plainWords(text: string): string {
  return text
    .replace(/^\u00ef\u00bb\u00bf|\ufeff/g, "")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .normalize("NFKC")
    .replace(/ё/g, "е")
    .replace(/ß/g, "ss")
    .replace(/ø/g, "o")
    .replace(/ł/g, "l")
    .replace(/[\u00c0-\u024f]/g, (letter) => letter.normalize("NFD").replace(/[\u0300-\u036f]/g, ""))
    .replace(/[^\p{L}\p{N}+#№]+/gu, " ")
    .trim();
}

/** What stands in the cell of a spreadsheet whose formula was saved without a result. */
export const uncalculated = "=";

/** A cell without the blanks around it, the no-break ones included. */
export function trimmed(text: string): string {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  return first <= 32 || last <= 32 || first >= 160 || last >= 160 ? text.trim() : text;
}
