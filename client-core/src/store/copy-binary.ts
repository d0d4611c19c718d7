import type { BoundValue, LogicalType, TableCodec } from "@saldo/schema";
import type { MadeRows } from "./local-database.ts";

/** A column of rows to be copied, and what its numbers are: whole ones of eight bytes, floating-point ones, or text where it holds none. */
export interface CopyColumn {
  readonly name: string;
  readonly numbers: "whole" | "real" | "text";
}

/** The columns of a declared table, in its order. */
export function copyColumnsOf({ columns }: TableCodec): CopyColumn[] {
  return columns.map(({ sql: name, declaration: { type } }) => ({ name, numbers: numbersOf[type] ?? "text" }));
}

const numbersOf: { readonly [Type in LogicalType]?: CopyColumn["numbers"] } = { integer: "whole", money: "whole", real: "real" };

/**
 * Rows in the binary format of Postgres' `COPY`, which it takes in a fifth less time than text: nothing is looked for that ends a field, and no number is
 * spelled (<https://www.postgresql.org/docs/current/sql-copy.html>, "Binary Format"). Columns that are null in all rows are left out: Postgres need not
 * read that of each. Throws `TypeError` for a number its column cannot hold.
 */
export function copyBinary(columns: readonly CopyColumn[], rows: readonly (readonly BoundValue[])[]): Pick<MadeRows, "columns" | "bytes" | "count"> {
  const given = columns.flatMap((column, index) => (rows.some((row) => row[index] !== null && row[index] !== undefined) ? [{ ...column, index }] : []));
  const writer = new FieldWriter();
  writer.header();
  for (const row of rows) {
    writer.fieldCount(given.length);
    for (const { index, numbers } of given) writer.field(row[index], numbers);
  }
  writer.fieldCount(-1);
  return { columns: given.map(({ name }) => name), bytes: writer.taken(), count: rows.length };
}

const signature = new Uint8Array([0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00]);
/** Flags, none of them set, and the length of what would follow them. */
const flagBytes = 8;
const bytesAtFirst = 64 * 1024;
const utf8BytesMax = 3;
/** Longer texts are encoded by the platform, which is slower to begin. */
const shortTextMax = 48;
const twoTo32 = 2 ** 32;
const encoder = new TextEncoder();

/** Fields one after another: each is its length, −1 for null, and its bytes, the highest first. */
class FieldWriter {
  #bytes = new Uint8Array(bytesAtFirst);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  header(): void {
    this.#bytes.set(signature);
    this.#at = signature.byteLength + flagBytes;
  }

  fieldCount(count: number): void {
    this.#grow(2);
    this.#view.setInt16(this.#at, count);
    this.#at += 2;
  }

  field(value: BoundValue | undefined, numbers: CopyColumn["numbers"]): void {
    this.#grow(4 + 8);
    if (value === null || value === undefined) this.#length(-1);
    else if (typeof value === "string") this.#text(value);
    else if (value instanceof Uint8Array) this.#raw(value);
    else if (numbers === "text" && typeof value === "number") this.#text(String(value));
    else if (typeof value === "boolean") {
      this.#length(1);
      this.#bytes[this.#at++] = Number(value);
    } else this.#number(value, numbers);
  }

  taken(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }

  #number(value: number, numbers: CopyColumn["numbers"]): void {
    this.#length(8);
    if (numbers === "real") this.#view.setFloat64(this.#at, value);
    else {
      if (!Number.isSafeInteger(value)) throw new TypeError("a column of whole numbers was given another");
      this.#view.setInt32(this.#at, Math.floor(value / twoTo32));
      this.#view.setUint32(this.#at + 4, value >>> 0);
    }
    this.#at += 8;
  }

  #raw(value: Uint8Array): void {
    this.#grow(4 + value.byteLength);
    this.#length(value.byteLength);
    this.#bytes.set(value, this.#at);
    this.#at += value.byteLength;
  }

  #text(value: string): void {
    this.#grow(4 + utf8BytesMax * value.length);
    const start = this.#at + 4;
    const length = value.length > shortTextMax ? -1 : this.#ascii(value, start);
    const written = length >= 0 ? length : encoder.encodeInto(value, this.#bytes.subarray(start)).written;
    this.#length(written);
    this.#at = start + written;
  }

  /** Writes a text of plain ASCII; −1 where it is not. */
  #ascii(value: string, start: number): number {
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return -1;
      this.#bytes[start + index] = code;
    }
    return value.length;
  }

  #length(length: number): void {
    this.#view.setInt32(this.#at, length);
    this.#at += 4;
  }

  #grow(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.byteLength) return;
    const grown = new Uint8Array(2 * (this.#at + bytes));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
