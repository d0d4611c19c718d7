import { invalidRequest } from "../../refusal.ts";
import { infix, type Operand, type Operation, strict1, strict2, call, type Collation, type Evaluator } from "../term.ts";
import type { Type } from "../types.ts";
import { characters, convertCase, unpad } from "../values/text.ts";
import { compileLike } from "../values/like.ts";
import { asText, type Present, type Value } from "../values/value.ts";

const plain = (type: Type) => (value: Present): string => (type.kind === "bpchar" ? unpad(asText(value)) : asText(value));

/** `a || b` of texts. */
export function concatenate(left: Type, right: Type): Operation {
  const [readLeft, readRight] = [plain(left), plain(right)];
  return { sql: infix("||"), build: strict2((a, b) => readLeft(a) + readRight(b)) };
}

/** `length(a)` in characters. */
export function length(type: Type): Operation {
  const read = plain(type);
  return { sql: call("pg_catalog.length"), build: strict1((value) => BigInt(characters(read(value)))) };
}

/** `starts_with(a, b)` */
export function startsWith(left: Type, right: Type): Operation {
  const [readLeft, readRight] = [plain(left), plain(right)];
  return { sql: call("pg_catalog.starts_with"), build: strict2((a, b) => readLeft(a).startsWith(readRight(b))) };
}

const unknownCase = "changing case depends on the collation; only libc and builtin collations are supported on changes";

/** The characters `lower` or `upper` change, each followed by what it becomes, asked of Postgres itself under a collation. */
export function caseTable(name: "lower" | "upper", collationSql: string): Operation {
  const converted = `pg_catalog.${name}(pg_catalog.chr(code) COLLATE ${collationSql})`;
  return {
    sql: () =>
      `(SELECT coalesce(string_agg(pg_catalog.chr(code) || ${converted}, '' ORDER BY code), '') FROM generate_series(1, 131071) AS code ` +
      `WHERE code NOT BETWEEN 55296 AND 57343 AND ${converted} <> pg_catalog.chr(code))`,
    build: "a case table is a constant",
  };
}

function readCaseTable(table: Operand | undefined): ReadonlyMap<string, string> {
  const chars = Array.from(asText(table?.constant ?? ""));
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < chars.length; at += 2) pairs.set(chars[at] ?? "", chars[at + 1] ?? "");
  return pairs;
}

/** `lower(a)` or `upper(a)`; its support is a {@link caseTable}. */
export function changeCase(name: "lower" | "upper", type: Type, collation: Collation | undefined): Operation {
  const read = plain(type);
  const sql = call(`pg_catalog.${name}`);
  if (collation?.caseSql === undefined) return { sql, build: unknownCase };
  return {
    sql,
    build: ([a], [table]) => {
      const pairs = readCaseTable(table);
      return strict1((value) => convertCase(read(value), pairs))(a === undefined ? [] : [a]);
    },
  };
}

/** `a LIKE b` or `a ILIKE b` with a constant pattern and backslash escapes; the support of ILIKE is a {@link caseTable} of `lower`. */
export function like(insensitive: boolean, collation: Collation | undefined, constantPattern: boolean): Operation {
  const sql = infix(insensitive ? "ILIKE" : "LIKE");
  if (!constantPattern) return { sql, build: "a pattern that is not a constant is not supported on changes" };
  if (collation?.deterministic === false) return { sql, build: "the collation is not deterministic, which is not supported on changes" };
  if (insensitive && collation?.caseSql === undefined) return { sql, build: unknownCase };
  return { sql, build: ([a, b], [table]) => buildLike(a, b?.constant ?? null, insensitive ? readCaseTable(table) : undefined) };
}

function buildLike(text: Operand | undefined, pattern: Value, lower: ReadonlyMap<string, string> | undefined): Evaluator {
  if (pattern === null) return () => null;
  const matches = compileLike(lower === undefined ? asText(pattern) : convertCase(asText(pattern), lower));
  if (matches === undefined) throw invalidRequest("where", "LIKE pattern must not end with escape character");
  return strict1((value) => matches(lower === undefined ? asText(value) : convertCase(asText(value), lower)))(text === undefined ? [] : [text]);
}

/** `like_escape(pattern, escape)`: the pattern with backslash as its escape. */
export const likeEscape: Operation = { sql: call("pg_catalog.like_escape"), build: "a pattern that is not a constant is not supported on changes" };
