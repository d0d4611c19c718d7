/** Rows by group: those of group `g` are `rows[starts[g]] … rows[starts[g + 1] − 1]`, in ascending order. */
export interface Groups {
  readonly count: number;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

/** Gathers rows by the number of their group; those below 0 are left out. One pass, no hashing. */
export function groupRows(groupOf: ArrayLike<number>, groupCount: number): Groups {
  const starts = new Int32Array(groupCount + 1);
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? -1;
    if (group >= 0) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  }
  for (let group = 0; group < groupCount; group++) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  const next = starts.slice(0, groupCount);
  const rows = new Int32Array(starts[groupCount] ?? 0);
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? -1;
    if (group < 0) continue;
    const place = next[group] ?? 0;
    rows[place] = row;
    next[group] = place + 1;
  }
  return { count: groupCount, starts, rows };
}

/** The rows of one group. */
export function rowsOf(groups: Groups, group: number): Int32Array {
  return groups.rows.subarray(groups.starts[group] ?? 0, groups.starts[group + 1] ?? 0);
}

/**
 * Numbers pairs of a number and another one in the order they come: rows with equal pairs get equal numbers. A table of its own with open addressing (Knuth
 * 6.4): a `Map` of so many numbers costs several times as much.
 */
export function pairNumbers(first: ArrayLike<number>, second: ArrayLike<number>): { readonly numbers: Int32Array; readonly count: number } {
  const mask = 2 ** Math.ceil(Math.log2(2 * first.length + 2)) - 1;
  const slots = new Int32Array(mask + 1);
  const numbers = new Int32Array(first.length);
  const firstRow = new Int32Array(first.length);
  let count = 0;
  for (let row = 0; row < first.length; row++) {
    const a = first[row] ?? -1;
    const b = second[row] ?? -1;
    let slot = hashOf(a, b) & mask;
    let known = slots[slot] ?? 0;
    while (known !== 0) {
      const like = firstRow[known - 1] ?? 0;
      if (first[like] === a && second[like] === b) break;
      slot = (slot + 1) & mask;
      known = slots[slot] ?? 0;
    }
    if (known === 0) {
      firstRow[count] = row;
      slots[slot] = known = ++count;
    }
    numbers[row] = known - 1;
  }
  return { numbers, count };
}

/** Mixes the bits of two whole numbers (the finish of MurmurHash3). */
function hashOf(a: number, b: number): number {
  let hash = Math.imul(a | 0, 0x9e3779b1) ^ Math.imul(Math.trunc(a / 0x1_0000_0000) | 0, 0x7feb352d) ^ Math.imul(b | 0, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Values of some rows in ascending order. */
export function sortedOf(values: Float32Array, rows: Int32Array): Float64Array {
  const sorted = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place++) sorted[place] = values[rows[place] ?? 0] ?? 0;
  return sortNumbers(sorted);
}

/** Numbers sorted by insertion: most counterparties have few payments. */
const fewNumbers = 24;

/** Sorts in place, ascending. */
export function sortNumbers(numbers: Float64Array): Float64Array {
  if (numbers.length > fewNumbers) return numbers.sort();
  for (let from = 1; from < numbers.length; from++) {
    const value = numbers[from] ?? 0;
    let at = from;
    for (; at > 0 && (numbers[at - 1] ?? 0) > value; at--) numbers[at] = numbers[at - 1] ?? 0;
    numbers[at] = value;
  }
  return numbers;
}

/** A value of each of so many rows. */
export function columnOf(count: number, valueOf: (row: number) => number): Float32Array {
  const column = new Float32Array(count);
  for (let row = 0; row < count; row++) column[row] = valueOf(row);
  return column;
}

/** How many rows have each number. */
export function countRows(numbers: Int32Array, size: number): Int32Array {
  const counts = new Int32Array(size);
  for (const number of numbers) if (number >= 0) counts[number] = (counts[number] ?? 0) + 1;
  return counts;
}
