import type { MessageHead } from "../log/segments.ts";
import { nullLength, type Tuple, unchangedLength } from "../replication/tuple.ts";

/** A row as pgoutput would send it: text, null, or `undefined` for an unchanged out-of-line value. */
export function tupleOf(...values: readonly (string | null | undefined)[]): Tuple {
  const places: number[] = [];
  let text = "";
  for (const value of values) {
    places.push(Buffer.byteLength(text), value === null ? nullLength : value === undefined ? unchangedLength : Buffer.byteLength(value));
    text += value ?? "";
  }
  return { bytes: Buffer.from(text), places };
}

/** A message without its closing braces, as logs take it. */
export function headOf(text: string): MessageHead {
  const bytes = Buffer.from(text);
  return { bytes, length: bytes.length };
}
