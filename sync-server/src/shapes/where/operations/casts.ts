import { call, type Operation, strict1 } from "../term.ts";
import { isExact, isInteger, isText, sameType, type Type } from "../types.ts";
import { encoder } from "../values/codec.ts";
import { decimalOf, roundDecimal } from "../values/decimal.ts";
import { beginningOfTime, dayOf, endOfTime, startOf } from "../values/instant.ts";
import { firstCharacters } from "../values/text.ts";
import { asBigint, asDecimal, asText, type Present, type Value } from "../values/value.ts";
import { implicit } from "./convert.ts";

const ranges = { int2: 1n << 15n, int4: 1n << 31n, int8: 1n << 63n } as const;

/** To an integer of limited size: half is rounded away from zero, what does not fit is NULL where Postgres would fail. */
function toInteger(kind: keyof typeof ranges, from: Type): Operation {
  const end = ranges[kind];
  return {
    sql: ([a = ""]) => `(SELECT CASE WHEN x BETWEEN ${-end} AND ${end - 1n} THEN x::pg_catalog.${kind} END FROM (SELECT pg_catalog.round(${a}::pg_catalog.numeric) AS x) AS rounded)`,
    build: strict1((value) => {
      const rounded = isInteger(from) ? decimalOf(asBigint(value)) : roundDecimal(asDecimal(value), 0);
      if (rounded.special !== undefined) return null;
      const whole = rounded.digits;
      return whole >= -end && whole < end ? whole : null;
    }),
  };
}

/** Conversions that neither fail nor lose what Postgres would keep. */
function simple(from: Type, to: Type): ((value: Present) => Value) | undefined {
  if (sameType(from, to)) return (value) => value;
  if (isText(to)) {
    const encode = encoder(from);
    return to.kind === "bpchar" && !isText(from) ? undefined : encode;
  }
  if (to.kind === "int4" && from.kind === "bool") return (value) => (value === true ? 1n : 0n);
  if (to.kind === "bool" && from.kind === "int4") return (value) => asBigint(value) !== 0n;
  if (to.kind === "date" && (from.kind === "timestamp" || from.kind === "timestamptz")) return (value) => dayOf(asBigint(value));
  if (to.kind === "timestamp" && from.kind === "timestamptz") return (value) => value;
  if (to.kind === "time" && from.kind === "timestamp") return (value) => timeOf(asBigint(value));
  if (to.kind === "interval" || to.kind === "array" || from.kind === "array") return undefined;
  // A date beyond the last timestamp cannot become one.
  if (from.kind === "date" && to.kind !== "date") return undefined;
  return implicit(from, to);
}

function timeOf(micros: bigint): Value {
  return micros === endOfTime || micros === beginningOfTime ? null : micros - startOf(dayOf(micros));
}

const widths: Partial<Record<Type["kind"], number>> = { int2: 2, int4: 4, int8: 8 };

function isWider(from: Type, to: Type): boolean {
  return (widths[from.kind] ?? Infinity) <= (widths[to.kind] ?? 0);
}

/** A cast with its type as SQL text, modifiers included. `column` says that the operand is a column as it stands, whose text Postgres itself has shown. */
export function cast(from: Type, to: Type, toSql: string, modifiers: readonly number[], column: boolean): Operation {
  const sql = ([a = ""]: readonly string[]): string => `(${a}::${toSql})`;
  const refused = `casting ${from.sql} to ${to.sql} is not supported on changes`;
  if (modifiers.length > 0) {
    const [length] = modifiers;
    if (to.kind !== "varchar" || !isText(from) || length === undefined) return { sql, build: refused };
    const encode = encoder(from) ?? asText;
    return { sql, build: strict1((value) => firstCharacters(encode(value), length)) };
  }
  if (isWider(from, to)) return { sql, build: strict1((value) => value) };
  if ((to.kind === "int2" || to.kind === "int4" || to.kind === "int8") && isExact(from)) return toInteger(to.kind, from);
  const convert = simple(from, to);
  if (convert !== undefined) return { sql, build: strict1(convert) };
  if (column && isText(to) && to.kind !== "bpchar" && hasFaithfulText(from)) return { sql, build: ([a]) => rawText(a?.column) };
  return { sql, build: refused };
}

/** Types whose cast to text is what replication sends. */
function hasFaithfulText(type: Type): boolean {
  return type.kind === "float4" || type.kind === "float8" || type.kind === "interval" || (type.kind === "array" && type.element !== undefined) || (type.kind === "opaque" && /^pg_catalog\.(?:jsonb?|inet|cidr|macaddr|money|name|xml|timetz)$/.test(type.sql));
}

function rawText(column: number | undefined): ReturnType<Exclude<Operation["build"], string>> {
  return (row) => (column === undefined ? null : (row[column] ?? null));
}

/** `ARRAY[a, …]` of constants: Postgres reads it once. */
export function arrayConstructor(type: Type): Operation {
  return { sql: (args) => `ARRAY[${args.join(", ")}]::${type.sql}`, build: "an array of columns is not supported on changes" };
}

/** A function that only Postgres evaluates. */
export function onlyInPostgres(name: string): Operation {
  return { sql: call(`pg_catalog.${name}`), build: `function ${name} is not supported on changes` };
}

