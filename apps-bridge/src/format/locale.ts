/** Languages of the screens. */
export const locales = ["en", "ru"] as const;
/** See {@link locales}. */
export type Locale = (typeof locales)[number];

/** Keeps the result of a function of text keys; formatters are slow to make and cheap to keep. At most `entriesMax` are kept. */
export function cached<Value>(make: (key: string) => Value, entriesMax = 200): (key: string) => Value {
  const kept = new Map<string, Value>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size >= entriesMax) kept.clear();
    const made = make(key);
    kept.set(key, made);
    return made;
  };
}

/** Narrow no-break space: between groups of digits in Russian. */
export const narrowSpace = "\u202f";
/** No-break space: before units. */
export const noBreakSpace = "\u00a0";
/** The real minus sign. */
export const minusSign = "\u2212";

/** Writes the parts of a formatted number the way the house does: narrow spaces in groups, a real minus, no breaking before a unit. */
export function joinParts(parts: readonly Intl.NumberFormatPart[]): string {
  return parts
    .map(({ type, value }) => {
      if (type === "minusSign") return minusSign;
      if (type === "group") return /\s/.test(value) ? narrowSpace : value;
      if (type === "literal") return value.replace(/\s/g, noBreakSpace);
      return value;
    })
    .join("");
}
