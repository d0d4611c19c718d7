/** Rows by group: those of group `g` are `rows[starts[g]] … rows[starts[g + 1] − 1]`, in ascending order. */
export interface Groups {
  readonly count: number;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

/**
 * Gathers rows by the number of their group; those below 0 are left out. One pass, no hashing. Given an order of all rows, those of a group stand in it.
 */
export function groupRows(groupOf: ArrayLike<number>, groupCount: number, order?: Int32Array): Groups {
  const starts = new Int32Array(groupCount + 1);
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? -1;
    if (group >= 0) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  }
  for (let group = 0; group < groupCount; group++) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  const next = starts.slice(0, groupCount);
  const rows = new Int32Array(starts[groupCount] ?? 0);
  for (let at = 0; at < groupOf.length; at++) {
    const row = order === undefined ? at : (order[at] ?? 0);
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

/** Pairs and how many different ones there are. */
interface PairNumbers {
  readonly numbers: Int32Array;
  readonly count: number;
}

/** A table of all pairs there might be has at most so many places for each row. */
const tablePlacesMax = 4;

/** Numbers pairs of a whole number and another one in the order they come: rows with equal pairs get equal numbers. */
export function pairNumbers(first: ArrayLike<number>, second: ArrayLike<number>): PairNumbers {
  const [one, two] = [rangeOf(first), rangeOf(second)];
  return one.size * two.size <= tablePlacesMax * first.length ? numbersByTable(first, second, one, two) : numbersByHash(first, second);
}

interface Range {
  readonly least: number;
  readonly size: number;
}

function rangeOf(values: ArrayLike<number>): Range {
  let [least, most] = [Infinity, -Infinity];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, size: Math.max(0, most - least + 1) };
}

function numbersByTable(first: ArrayLike<number>, second: ArrayLike<number>, one: Range, two: Range): PairNumbers {
  const known = new Int32Array(one.size * two.size);
  const numbers = new Int32Array(first.length);
  let count = 0;
  for (let row = 0; row < first.length; row++) {
    const place = ((first[row] ?? 0) - one.least) * two.size + (second[row] ?? 0) - two.least;
    const number = known[place] ?? 0;
    numbers[row] = (number === 0 ? (known[place] = ++count) : number) - 1;
  }
  return { numbers, count };
}

/** A table of its own with open addressing (Knuth 6.4): a `Map` of so many numbers costs several times as much. */
function numbersByHash(first: ArrayLike<number>, second: ArrayLike<number>): PairNumbers {
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

/** Bits sorted by at a time: three passes for numbers of 32. */
const digitBits = 11;
const digits = 2 ** digitBits;

/**
 * The rows in ascending order of values that are not negative, equal ones as they stand. A radix sort (Knuth 5.2.5) of their bits, which for such floats
 * compare as whole numbers do: half a million in some hundredths of a second, and whatever group of them is wanted in order needs no sort of its own.
 */
export function ascending(values: Float32Array): Int32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let rows = new Int32Array(values.length);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  let sorted = new Int32Array(values.length);
  const places = new Int32Array(digits + 1);
  for (let shift = 0; shift < 32; shift += digitBits) {
    places.fill(0);
    for (let row = 0; row < bits.length; row++) {
      const after = (((bits[row] ?? 0) >>> shift) & (digits - 1)) + 1;
      places[after] = (places[after] ?? 0) + 1;
    }
    for (let digit = 0; digit < digits; digit++) places[digit + 1] = (places[digit + 1] ?? 0) + (places[digit] ?? 0);
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] ?? 0;
      const digit = ((bits[row] ?? 0) >>> shift) & (digits - 1);
      const place = places[digit] ?? 0;
      sorted[place] = row;
      places[digit] = place + 1;
    }
    [rows, sorted] = [sorted, rows];
  }
  return rows;
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

/** The first place of a sorted list whose value is not below a wanted one; the last where all are. */
export function lowerBound(sorted: Int32Array | Float64Array, wanted: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
