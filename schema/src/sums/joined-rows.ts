import { hashSpace, hashWritten } from "./row-hash.ts";
import { runningSum, type RowsSum } from "./row-sum.ts";

/**
 * The sum of rows whose texts (`rowTextSql`) follow each other as UTF-8, which a database gives far faster than as many texts; `lengths` are theirs in
 * bytes. Throws `RangeError` when together they are not as long as the bytes.
 */
export function sumOfJoinedRows(bytes: Uint8Array, lengths: readonly number[]): RowsSum {
  const sum = runningSum();
  let start = 0;
  for (const length of lengths) {
    hashSpace(length).set(bytes.subarray(start, start + length));
    sum.add(hashWritten(length));
    start += length;
  }
  if (start !== bytes.length) throw new RangeError("the rows are not as long as their bytes");
  return sum.value();
}
