/** Stands for the length of a value that is SQL NULL. */
export const nullLength = -1;
/** Stands for the length of an unchanged out-of-line (TOAST) value, which was not sent. */
export const unchangedLength = -2;

const comparedInPlaceBytesMax = 64;

/** A row as pgoutput sent it: the bytes of its message, and where each value's text lies in them. */
export interface Tuple {
  readonly bytes: Buffer;
  /** Two numbers a column: the text's first byte, and its length or {@link nullLength} or {@link unchangedLength}. */
  readonly places: readonly number[];
}

/** Length of a value's text in bytes, or one of the negative marks. */
export function lengthAt(tuple: Tuple, index: number): number {
  return tuple.places[2 * index + 1] ?? nullLength;
}

/** First byte of a value's text. */
export function startAt(tuple: Tuple, index: number): number {
  return tuple.places[2 * index] ?? 0;
}

/** A value as text: null for SQL NULL, `undefined` when it was not sent. */
export function textAt(tuple: Tuple, index: number): string | null | undefined {
  const length = lengthAt(tuple, index);
  if (length < 0) return length === nullLength ? null : undefined;
  const start = startAt(tuple, index);
  return tuple.bytes.toString("utf8", start, start + length);
}

/** All values as texts, in the order of the columns. */
export function textsOf(tuple: Tuple): (string | null | undefined)[] {
  return Array.from({ length: tuple.places.length / 2 }, (_, index) => textAt(tuple, index));
}

/** True when two rows have the same value in a column. */
export function sameValue(a: Tuple, b: Tuple, index: number): boolean {
  const length = lengthAt(a, index);
  if (length !== lengthAt(b, index)) return false;
  const [startA, startB] = [startAt(a, index), startAt(b, index)];
  if (length > comparedInPlaceBytesMax) return a.bytes.compare(b.bytes, startB, startB + length, startA, startA + length) === 0;
  for (let at = 0; at < length; at++) if (a.bytes[startA + at] !== b.bytes[startB + at]) return false;
  return true;
}

/** True when a value of the row was not sent. */
export function lacksValues(tuple: Tuple): boolean {
  for (let at = 1; at < tuple.places.length; at += 2) if (tuple.places[at] === unchangedLength) return true;
  return false;
}

/** The new row of an update with unchanged out-of-line values taken from the old one, which came in the same message. */
export function filledFrom(old: Tuple, row: Tuple): Tuple {
  if (!lacksValues(row)) return row;
  const places = [...row.places];
  for (let at = 1; at < places.length; at += 2) {
    if (places[at] !== unchangedLength) continue;
    places[at - 1] = old.places[at - 1] ?? 0;
    places[at] = old.places[at] ?? unchangedLength;
  }
  return { bytes: row.bytes, places };
}

/** The row with its columns in another order: column `index` of the answer is column `order[index]` of the row. */
export function reorderedTuple(tuple: Tuple, order: readonly number[]): Tuple {
  return { bytes: tuple.bytes, places: order.flatMap((at) => [startAt(tuple, at), lengthAt(tuple, at)]) };
}
