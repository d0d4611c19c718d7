import type pg from "pg";

/** Most statements a connection of Postgres keeps of the relay's: those of small mutations, which differ in the columns they patch. */
const keptMax = 200;
const names = new Map<string, string>();

/** A statement that Postgres parses and plans once for each connection; beyond {@link keptMax} texts it does so each time. */
export function keptStatement(text: string, values: readonly unknown[]): pg.QueryConfig {
  const known = names.get(text);
  if (known !== undefined) return { name: known, text, values: [...values] };
  if (names.size >= keptMax) return { text, values: [...values] };
  const name = `saldo_${names.size}`;
  names.set(text, name);
  return { name, text, values: [...values] };
}
