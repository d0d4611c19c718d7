import type { BoundValue } from "@saldo/schema";
import { byteaText } from "./drivers/postgres-bytea.ts";
import type { MadeRows } from "./local-database.ts";

/**
 * Rows as lines of `COPY`'s text format. Columns that are null in all rows are left out: Postgres need not read that of each.
 */
export function copyText(columns: readonly string[], rows: readonly (readonly BoundValue[])[]): Pick<MadeRows, "columns" | "bytes" | "count"> {
  const given = columns.flatMap((name, index) => (rows.some((row) => row[index] !== null && row[index] !== undefined) ? [{ name, index }] : []));
  let text = "";
  for (const row of rows) {
    let before = "";
    for (const { index } of given) {
      text += before + fieldOf(row[index]);
      before = "\t";
    }
    text += "\n";
  }
  return { columns: given.map(({ name }) => name), bytes: new TextEncoder().encode(text), count: rows.length };
}

/** One row in the same form, some of whose fields are spelled already. */
export function copyLine(columns: readonly string[], row: readonly (BoundValue | CopyField)[]): MadeRows {
  const encoder = new TextEncoder();
  const end = (index: number) => (index === row.length - 1 ? "\n" : "\t");
  const parts = row.flatMap((value, index) => (value instanceof CopyField ? [value.bytes, encoder.encode(end(index))] : [encoder.encode(fieldOf(value) + end(index))]));
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return { columns, bytes, count: 1, months: [] };
}

/** A field as `COPY`'s text format spells it. */
export class CopyField {
  readonly bytes: Uint8Array<ArrayBuffer>;
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }
}

/** How the format spells bytes. */
export function spellBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(fieldOf(bytes));
}

const special = /[\\\n\r\t]/;
const specials = /[\\\n\r\t]/g;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A field of COPY's text format. */
function fieldOf(value: BoundValue | undefined): string {
  if (typeof value === "string") return special.test(value) ? value.replace(specials, (sign) => escapes[sign] ?? sign) : value;
  if (value === null || value === undefined) return "\\N";
  if (value instanceof Uint8Array) return `\\${byteaText(value)}`;
  return String(value);
}
