/** Reads one SQL identifier or a list of them separated by `separator`; unquoted ones are lower-cased. `undefined` when malformed. */
function readIdentifiers(text: string, separator: "." | ","): string[] | undefined {
  const names: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*(.?)/suy;
  for (;;) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, quoted, plain, next] = match;
    names.push(quoted === undefined ? (plain ?? "").toLowerCase() : quoted.replaceAll('""', '"'));
    if (next === "") return pattern.lastIndex >= text.length ? names : undefined;
    if (next !== separator) return undefined;
  }
}

/** A table's schema and name. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** Reads `t`, `s.t`, `"S"."t"`; a bare name means the schema `public`. `undefined` when malformed. */
export function parseTableName(text: string): TableName | undefined {
  const parts = readIdentifiers(text, ".");
  if (parts === undefined || parts.length > 2) return undefined;
  const [first, second] = parts;
  if (first === undefined) return undefined;
  return second === undefined ? { schema: "public", name: first } : { schema: first, name: second };
}

/** Reads a comma list of column names. `undefined` when malformed. */
export function parseColumnList(text: string): string[] | undefined {
  return readIdentifiers(text, ",");
}

/** An identifier as SQL text. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."table"` as SQL text. */
export function quoteTable(table: TableName): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
}
