/** One span of a text replaced by another; positions in UTF-16 units. */
export interface TextChange {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/**
 * The smallest single change from one text to another, null when they are equal. `caret` is where the cursor stands after the change: of
 * several places a repeated letter may have been typed, that one is meant. Surrogate pairs are never cut.
 */
export function changeBetween(before: string, after: string, caret = 0): TextChange | null {
  if (before === after) return null;
  const endMax = Math.min(before.length, after.length, Math.max(0, after.length - caret));
  let end = 0;
  while (end < endMax && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  const startMax = Math.min(before.length, after.length) - end;
  let start = 0;
  while (start < startMax && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (cutsPair(before, start) || cutsPair(after, start)) start--;
  if (cutsPair(before, before.length - end) || cutsPair(after, after.length - end)) end--;
  return { at: start, remove: before.length - end - start, insert: after.slice(start, after.length - end) };
}

/** A text after a change. */
export function applyChange(text: string, { at, remove, insert }: TextChange): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}

/** Where a position is after changes made one after another: text put exactly there goes behind it. */
export function positionAfter(position: number, changes: readonly TextChange[]): number {
  return changes.reduce((now, { at, remove, insert }) => {
    if (now <= at) return now;
    return now < at + remove ? at : now - remove + insert.length;
  }, position);
}

/** True when a position lies between the two halves of a character outside of the basic plane. */
function cutsPair(text: string, position: number): boolean {
  return isSurrogate(text.charCodeAt(position - 1), 0xd800) && isSurrogate(text.charCodeAt(position), 0xdc00);
}

function isSurrogate(unit: number, first: number): boolean {
  return unit >= first && unit < first + 0x400;
}
