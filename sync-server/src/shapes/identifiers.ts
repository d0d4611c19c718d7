/** What reading a name gave: the value, or why it is none. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const identifierCharsMax = 63;

function refused(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

/** Splits at `separator` outside double quotes; `quoted` says whether the text starts inside. */
function splitOutsideQuotes(text: string, separator: "." | ",", quoted = false): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (quoted || text[at] !== separator) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}

/** Reads one SQL identifier: quoted ones as they are, others with A–Z lower-cased, as Postgres does in UTF-8. */
export function parseIdentifier(text: string): Parsed<string> {
  const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  const inner = isQuoted ? text.slice(1, -1) : text;
  if (inner === "") return refused("Invalid zero-length delimited identifier");
  if (isQuoted && inner.replaceAll('""', "").includes('"')) return refused(`Invalid identifier with unescaped quote: ${inner}`);
  if (!isQuoted && !/^[\p{L}_][\p{L}\p{M}_0-9$]*$/u.test(inner)) return refused(`Invalid unquoted identifier contains special characters: ${inner}`);
  const value = isQuoted ? inner.replaceAll('""', '"') : inner.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return Array.from(value).length > identifierCharsMax ? refused(`Identifier is too long (max length is ${identifierCharsMax})`) : { ok: true, value };
}

function parseIdentifiers(parts: readonly string[]): Parsed<readonly string[]> {
  const names: string[] = [];
  for (const part of parts) {
    const name = parseIdentifier(part);
    if (!name.ok) return name;
    names.push(name.value);
  }
  return { ok: true, value: names };
}

/** A table's schema and name. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** Reads `t`, `s.t`, `"S"."t"`; a bare name means the schema `public`. */
export function parseTableName(text: string): Parsed<TableName> {
  const parts = splitOutsideQuotes(text, ".");
  if (parts.length > 2) return refused(`Invalid relation identifier, too many delimiters: ${text}`);
  const names = parseIdentifiers(parts);
  if (!names.ok) return names;
  const [first = "", second] = names.value;
  return { ok: true, value: second === undefined ? { schema: "public", name: first } : { schema: first, name: second } };
}

/** Reads a comma list of column names; a quote too many is taken to be at its start. */
export function parseColumnList(text: string): Parsed<readonly string[]> {
  return parseIdentifiers(splitOutsideQuotes(text, ",", text.split('"').length % 2 === 0));
}

/** An identifier as SQL text. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."table"` as SQL text. */
export function quoteTable(table: TableName): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
}
