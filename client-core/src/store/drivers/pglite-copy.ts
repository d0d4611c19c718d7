import type { PGliteInterface } from "@electric-sql/pglite";
import type { BoundValue } from "@saldo/schema";
import { quoted } from "../insert-statement.ts";
import { byteaText } from "./postgres-bytea.ts";

/** Below this many rows a statement with parameters is as fast. */
export const copyRowsMin = 200;

/**
 * Writes rows with `COPY` from PGlite's device for one statement's bytes: a fifth of what arrays of parameters cost, which PGlite builds
 * element by element and Postgres takes apart again. All of them or, when a key is there already, none: throws Postgres' unique violation, which ends the
 * transaction or the savepoint it is in.
 */
export async function copyRows(pglite: PGliteInterface, table: string, columns: readonly string[], rows: readonly (readonly BoundValue[])[]): Promise<void> {
  let text = "";
  for (const row of rows) {
    for (let index = 0; index < row.length; index++) text += (index === 0 ? "" : "\t") + fieldOf(row[index]);
    text += "\n";
  }
  await pglite.query(`copy ${quoted(table)} (${columns.map(quoted).join(", ")}) from '/dev/blob'`, [], { blob: new Blob([text]) });
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
