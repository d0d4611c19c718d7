/** Words shorter than this say nothing. */
const wordLengthMin = 3;

/**
 * How alike two texts of rows are, 0 to 1: the share of the shorter one's words that the other has too. A text without words is like any.
 * Both come as search compares them (lower case, single spaces).
 */
export function textLikeness(one: string, other: string): number {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  const [fewer, more] = a.size <= b.size ? [a, b] : [b, a];
  if (fewer.size === 0) return 1;
  let shared = 0;
  for (const word of fewer) if (more.has(word)) shared++;
  return shared / fewer.size;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= wordLengthMin));
}
