import { currencyOfMark } from "../values/currency.ts";

/** What a number format says of the cells that wear it. */
export interface NumberFormat {
  readonly kind: "number" | "date" | "time" | "text";
  /** Currency sign or code written in the format, as an ISO 4217 code. */
  readonly currency: string | null;
  /** True for grouped or decimal formats: amounts rather than numbers of documents. */
  readonly isAmount: boolean;
}

const plainNumber: NumberFormat = { kind: "number", currency: null, isAmount: false };

/** Built-in formats by number (ECMA-376 part 1, 18.8.30); the dates of 27–36 and 50–58 are those of East Asian languages. */
export function builtInFormat(id: number): NumberFormat {
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return { ...plainNumber, kind: "date" };
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return { ...plainNumber, kind: "time" };
  if (id === 49) return { ...plainNumber, kind: "text" };
  return { ...plainNumber, isAmount: (id >= 2 && id <= 8) || (id >= 37 && id <= 44) };
}

/** Reads a number format code, its first section only. */
export function readNumberFormat(code: string): NumberFormat {
  if (/^(?:general|standard|основной)$/i.test(code.trim())) return plainNumber;
  const section = firstSection(code);
  const letters = section
    .replace(/"[^"]*"|\\.|[_*]./g, "")
    .replace(/\[[^\]]*\]/g, (bracket) => (/^\[(?:h+|m+|s+)\]$/i.test(bracket) ? bracket : ""))
    .toLowerCase();
  if (/[dy]/.test(letters) || (/m/.test(letters) && !/[hs]/.test(letters))) return { ...plainNumber, kind: "date" };
  if (/[hs]/.test(letters)) return { ...plainNumber, kind: "time" };
  if (letters.includes("@") && !/[0#?]/.test(letters)) return { ...plainNumber, kind: "text" };
  return { kind: "number", currency: currencyOfFormat(section), isAmount: /[0#?][.,]|[.,][0#?]/.test(letters) && !letters.includes("%") };
}

function firstSection(code: string): string {
  let quoted = false;
  for (let at = 0; at < code.length; at += 1) {
    if (code[at] === '"') quoted = !quoted;
    else if (code[at] === "\\") at += 1;
    else if (code[at] === ";" && !quoted) return code.slice(0, at);
  }
  return code;
}

/** `[$€-407]`, `[$USD]`, `"₽"`, `\ "руб."`, a bare `$`. */
function currencyOfFormat(section: string): string | null {
  const bracket = /\[\$([^\]-]+)/.exec(section)?.[1];
  const quoted = [...section.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
  const bare = section.replace(/"[^"]*"|\[[^\]]*\]|[_*]./g, "").match(/[$€£₽₴₸₹₺¥]/g) ?? [];
  for (const mark of [...(bracket === undefined ? [] : [bracket]), ...quoted, ...bare]) {
    const currency = mark.trim() === "" ? undefined : currencyOfMark(mark.trim());
    if (currency !== undefined) return currency;
  }
  return null;
}
