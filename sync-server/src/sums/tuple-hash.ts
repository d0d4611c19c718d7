import { hashSpace, hashWritten, tableCodec, type Hash64, type LogicalType, type TableDeclaration } from "@saldo/schema";
import { lengthAt, startAt, type Tuple } from "../shapes/index.ts";

/** Hashes a row as the stream sends it; the same hash a device and `rowSumSql` give the row. Undefined when a value was not sent. */
export type TupleHash = (tuple: Tuple) => Hash64 | undefined;

const nullMark = 0x01;
const columnEnd = 0x1f;
const [trueText, falseText] = [Buffer.from("true"), Buffer.from("false")];
const letterT = "t".charCodeAt(0);
const realBytes = Buffer.alloc(8);
/** Bytes a value may take beyond its own: a boolean or a real written out, and the mark behind it. */
const extraBytesMax = 17;
const copiedInPlaceBytesMax = 40;

/** Makes the {@link TupleHash} of a table for rows with columns in this order; undefined when one of the table's is not among them. */
export function tupleHash(table: TableDeclaration, columnNames: readonly string[]): TupleHash | undefined {
  const columns = tableCodec(table).columns.map(({ sql, declaration }) => ({ index: columnNames.indexOf(sql), type: declaration.type }));
  if (columns.some(({ index }) => index < 0)) return undefined;
  return (tuple) => {
    const bytes = hashSpace(tuple.bytes.length + extraBytesMax * columns.length);
    let at = 0;
    for (const { index, type } of columns) {
      const length = lengthAt(tuple, index);
      if (length < -1) return undefined;
      if (length < 0) bytes[at++] = nullMark;
      else at = write(type, bytes, at, tuple, startAt(tuple, index), length);
      bytes[at++] = columnEnd;
    }
    return hashWritten(at);
  };
}

function write(type: LogicalType, into: Uint8Array, at: number, { bytes }: Tuple, start: number, length: number): number {
  if (type === "boolean") return copy(bytes[start] === letterT ? trueText : falseText, into, at, 0, bytes[start] === letterT ? 4 : 5);
  if (type === "bytes") return copy(bytes, into, at, start + 2, length - 2);
  if (type !== "real") return copy(bytes, into, at, start, length);
  realBytes.writeDoubleBE(Number(bytes.toString("latin1", start, start + length)));
  return copy(Buffer.from(realBytes.toString("hex")), into, at, 0, 16);
}

function copy(from: Uint8Array, into: Uint8Array, at: number, start: number, length: number): number {
  if (length > copiedInPlaceBytesMax) into.set(from.subarray(start, start + length), at);
  else for (let offset = 0; offset < length; offset++) into[at + offset] = from[start + offset] ?? 0;
  return at + length;
}
