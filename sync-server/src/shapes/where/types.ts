import type { Column } from "../catalog/table.ts";
import type { TypeName } from "./expression.ts";

/** What the evaluator knows values as; `integer` is the unbounded result of integer arithmetic, `opaque` is whatever only Postgres understands. */
export type Kind =
  | "bool" | "int2" | "int4" | "int8" | "integer" | "numeric" | "float4" | "float8" | "text" | "varchar" | "bpchar" | "uuid" | "bytea"
  | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "enum" | "array" | "opaque";

/** A type of an expression. */
export interface Type {
  readonly kind: Kind;
  /** Quoted and qualified, without modifiers. */
  readonly sql: string;
  /** Of an array. */
  readonly element?: Type;
}

const named = (kind: Exclude<Kind, "array" | "enum" | "opaque" | "integer">): Type => ({ kind, sql: `pg_catalog.${kind}` });

/** Types by their name in `pg_type`. */
export const builtin = {
  bool: named("bool"), int2: named("int2"), int4: named("int4"), int8: named("int8"), numeric: named("numeric"), float4: named("float4"), float8: named("float8"),
  text: named("text"), varchar: named("varchar"), bpchar: named("bpchar"), uuid: named("uuid"), bytea: named("bytea"), date: named("date"), time: named("time"),
  timestamp: named("timestamp"), timestamptz: named("timestamptz"), interval: named("interval"),
} as const;

/** Result of integer arithmetic: Postgres computes it as numeric, so that it cannot overflow. */
export const integerType: Type = { kind: "integer", sql: "pg_catalog.numeric" };

const byName: ReadonlyMap<string, Type> = new Map<string, Type>([
  ...Object.values(builtin).map((type): [string, Type] => [type.kind, type]),
  ["integer", builtin.int4], ["int", builtin.int4], ["smallint", builtin.int2], ["bigint", builtin.int8], ["boolean", builtin.bool], ["decimal", builtin.numeric], ["dec", builtin.numeric],
  ["real", builtin.float4], ["float", builtin.float8],
]);

/** The array of a type. */
export function arrayOf(element: Type): Type {
  return { kind: "array", sql: `${element.sql}[]`, element };
}

/** The type of a column's values. */
export function columnType(column: Column): Type {
  const element = scalarType(column);
  if (column.dims === 0) return element;
  return element.kind === "opaque" ? { kind: "opaque", sql: column.typeSql } : { kind: "array", sql: column.typeSql, element };
}

function scalarType(column: Column): Type {
  const known = byName.get(column.typeName);
  if (column.typeKind === "enum") return { kind: "enum", sql: column.typeSql };
  const base = column.typeKind === "domain" || (column.typeKind === "base" && column.typeSql.startsWith("pg_catalog."));
  if (!base || known?.kind !== column.typeName) return { kind: "opaque", sql: column.typeSql };
  return known;
}

/** A type as a cast names it. */
export interface NamedType {
  readonly type: Type;
  /** With modifiers, as SQL text. */
  readonly sql: string;
  readonly modifiers: readonly number[];
}

/** The type a cast names, when it is a built-in one or the type of one of the columns. */
export function findType(name: TypeName, columns: readonly Column[]): NamedType | undefined {
  const padded = name.schema === undefined && (name.name === "character" || (name.name === "char" && name.modifiers.length > 0));
  const modifiers = padded && name.modifiers.length === 0 ? [1] : name.modifiers;
  const scalar = padded ? builtin.bpchar : findScalar(name, columns);
  if (scalar === undefined || (name.name === "float" && modifiers.length > 0) || modifiers.length > 2) return undefined;
  const sql = `${scalar.sql}${modifiers.length === 0 ? "" : `(${modifiers.join(", ")})`}`;
  return name.array ? { type: arrayOf(scalar), sql: `${sql}[]`, modifiers } : { type: scalar, sql, modifiers };
}

function findScalar(name: TypeName, columns: readonly Column[]): Type | undefined {
  const known = name.schema === undefined || name.schema === "pg_catalog" ? byName.get(name.name) : undefined;
  return known ?? columns.map(columnType).find((type) => type.kind === "enum" && isNamed(type.sql, name));
}

function isNamed(sql: string, { schema, name }: TypeName): boolean {
  const plain = (text: string): string => text.replaceAll('"', "");
  return plain(sql) === `${schema ?? "public"}.${name}`;
}

const integers: ReadonlySet<Kind> = new Set<Kind>(["int2", "int4", "int8", "integer"]);
const texts: ReadonlySet<Kind> = new Set<Kind>(["text", "varchar", "bpchar"]);

/** int2, int4, int8 and results of their arithmetic. */
export const isInteger = (type: Type): boolean => integers.has(type.kind);
/** Integers and numeric. */
export const isExact = (type: Type): boolean => isInteger(type) || type.kind === "numeric";
/** float4 and float8. */
export const isFloat = (type: Type): boolean => type.kind === "float4" || type.kind === "float8";
/** Whatever can be calculated with. */
export const isNumber = (type: Type): boolean => isExact(type) || isFloat(type);
/** text, varchar and bpchar. */
export const isText = (type: Type): boolean => texts.has(type.kind);
/** date, timestamp and timestamptz. */
export const isInstant = (type: Type): boolean => type.kind === "date" || type.kind === "timestamp" || type.kind === "timestamptz";

/** True when both name the same type. */
export function sameType(a: Type, b: Type): boolean {
  if (a.kind === "array" || b.kind === "array") return a.element !== undefined && b.element !== undefined && sameType(a.element, b.element);
  return a.kind === b.kind && ((a.kind !== "enum" && a.kind !== "opaque") || a.sql === b.sql);
}

/** The type two values are compared as, or a list's common type; `undefined` when there is none. */
export function commonType(a: Type, b: Type): Type | undefined {
  if (sameType(a, b)) return a;
  if (isNumber(a) && isNumber(b)) return commonNumber(a, b);
  // varchar has no operators of its own: beside bpchar those of bpchar fit better than those of text.
  if (isText(a) && isText(b)) return a.kind !== "text" && b.kind !== "text" ? builtin.bpchar : builtin.text;
  if (isInstant(a) && isInstant(b)) return a.kind === "timestamptz" || b.kind === "timestamptz" ? builtin.timestamptz : builtin.timestamp;
  return undefined;
}

const width: readonly Kind[] = ["int2", "int4", "int8", "integer", "numeric"];

function commonNumber(a: Type, b: Type): Type {
  if (isFloat(a) || isFloat(b)) return builtin.float8;
  return width.indexOf(a.kind) >= width.indexOf(b.kind) ? a : b;
}
