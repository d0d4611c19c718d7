import type { Table } from "../catalog/table.ts";
import { quoteIdentifier } from "../identifiers.ts";
import { invalidRequest } from "../refusal.ts";
import { foldWord } from "./lex.ts";

const item = /\s*(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?\s*(,|$)/iuy;
const itemsMax = 100;

/**
 * Reads `column [ASC|DESC] [NULLS FIRST|LAST], …` and writes it anew as SQL text; nothing of the client's text is passed on.
 * Throws `RequestRefused` (400) for anything else, and for columns the table does not have.
 */
export function parseOrderBy(text: string, table: Table): string {
  const terms: string[] = [];
  item.lastIndex = 0;
  for (;;) {
    const at = item.lastIndex;
    const match = item.exec(text);
    if (match === null || terms.length === itemsMax) throw invalidRequest("order_by", `At location ${"SELECT 1 ORDER BY ".length + at}: only columns of the table; other expressions are not allowed in ORDER BY clauses`);
    const [, quoted, plain, direction, nulls, end] = match;
    const name = quoted === undefined ? foldWord(plain ?? "") : quoted.replaceAll('""', '"');
    if (!table.columns.some((column) => column.name === name)) throw invalidRequest("order_by", `unknown reference ${name}`);
    terms.push([quoteIdentifier(name), direction?.toUpperCase() === "DESC" ? "DESC" : "ASC", ...(nulls === undefined ? [] : [`NULLS ${nulls.toUpperCase()}`])].join(" "));
    if (end === "") return terms.join(", ");
  }
}
