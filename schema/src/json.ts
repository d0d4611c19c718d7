/** Any value JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** JSON text with object keys sorted bytewise, so that equal values have equal text. Throws `TypeError` on a non-finite number. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("JSON cannot carry a non-finite number");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const keys = Object.keys(value).toSorted(compareBytewise);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(",")}}`;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Orders texts by code point, as the C collation does, where JavaScript's `<` orders by UTF-16 unit. */
export function compareBytewise(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      // A surrogate stands for a code point above every BMP unit.
      const leftHigh = left >= 0xd800 && left <= 0xdfff;
      const rightHigh = right >= 0xd800 && right <= 0xdfff;
      return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1;
    }
  }
  return a.length - b.length;
}
