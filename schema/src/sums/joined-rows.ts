import { tableCodec } from "../dialects/codec.ts";
import type { TableDeclaration } from "../tables/table.ts";
import { hashSpace, hashWritten } from "./row-hash.ts";
import { columnEnd, emptySum, runningSum, type RowsSum } from "./row-sum.ts";

const columnEndByte = columnEnd.charCodeAt(0);

/**
 * The sum of rows whose texts (`rowTextSql`) follow each other as UTF-8, which a database gives far faster than as many texts. Undefined where they
 * cannot be told apart, since the sign that ends a column is in a text as well.
 */
export function sumOfJoinedRows(table: TableDeclaration, bytes: Uint8Array, rows: number): RowsSum | undefined {
  const columns = tableCodec(table).columns.length;
  const sum = runningSum(emptySum);
  let found = 0;
  let ends = 0;
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== columnEndByte || ++ends < columns) continue;
    const length = at + 1 - start;
    hashSpace(length).set(bytes.subarray(start, at + 1));
    sum.add(hashWritten(length));
    start = at + 1;
    ends = 0;
    found++;
  }
  return found === rows && start === bytes.length ? sum.value() : undefined;
}
