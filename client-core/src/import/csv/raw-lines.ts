import type { Understanding } from "../model.ts";
import { TextPieces } from "../text/pieces.ts";
import { dialectOf } from "./read.ts";
import { RecordReader } from "./records.ts";

/** The cells of the records that start on the given lines, as they stand in the file: to show a refused line. Stops at the last of them. */
export function readRawLines(bytes: Uint8Array, understanding: Understanding, lines: readonly number[]): ReadonlyMap<number, readonly string[]> {
  const wanted = new Set(lines);
  const found = new Map<number, readonly string[]>();
  const records = new RecordReader(new TextPieces(bytes, understanding.encoding.value, understanding.bomBytes), dialectOf(understanding));
  for (let cells = records.next(); cells !== undefined && found.size < wanted.size; cells = records.next()) {
    if (wanted.has(records.line)) found.set(records.line, [...cells]);
  }
  return found;
}
