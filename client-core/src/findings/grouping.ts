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

/** Numbers pairs of a number and another one in the order they come: rows with equal pairs get equal numbers. */
export function pairNumbers(first: ArrayLike<number>, second: ArrayLike<number>): { readonly numbers: Int32Array; readonly count: number } {
  const known = new Map<number, Map<number, number>>();
  const numbers = new Int32Array(first.length);
  let count = 0;
  for (let row = 0; row < first.length; row++) {
    const a = first[row] ?? -1;
    const b = second[row] ?? -1;
    let inner = known.get(b);
    if (inner === undefined) known.set(b, (inner = new Map<number, number>()));
    let number = inner.get(a);
    if (number === undefined) inner.set(a, (number = count++));
    numbers[row] = number;
  }
  return { numbers, count };
}
