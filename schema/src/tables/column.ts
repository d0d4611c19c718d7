/**
 * The closed set of logical column types. Each has one TypeScript value, one canonical text and one physical type per SQL dialect
 * (see `../dialects/`):
 *
 * | type    | TypeScript        | canonical text                  |
 * |---------|-------------------|---------------------------------|
 * | id      | string            | as is (UUIDv7 made on a device) |
 * | text    | string            | as is                           |
 * | integer | number (safe int) | decimal                         |
 * | money   | Minor             | decimal minor units             |
 * | real    | number (finite)   | shortest round-trip decimal     |
 * | boolean | boolean           | `t` / `f`                       |
 * | date    | string            | YYYY-MM-DD                      |
 * | instant | string            | ISO 8601, UTC, milliseconds     |
 * | json    | JsonValue         | JSON with sorted keys           |
 * | bytes   | Uint8Array        | lower-case hex                  |
 */
export type LogicalType = "id" | "text" | "integer" | "money" | "real" | "boolean" | "date" | "instant" | "json" | "bytes";

/** One column as data. */
export interface ColumnDeclaration {
  readonly type: LogicalType;
  readonly nullable: boolean;
  /** The only texts allowed, for a `text` column. */
  readonly values?: readonly string[];
}

type Declared<Type extends LogicalType> = { readonly type: Type; readonly nullable: false };

function declare<const Type extends LogicalType>(type: Type): Declared<Type> {
  return { type, nullable: false };
}

/** A UUIDv7 text made on a device, or another opaque identifier. */
export const id = declare("id");
/** Free text. */
export const text = declare("text");
/** A safe integer. */
export const integer = declare("integer");
/** An integer of minor units; the currency stands beside it. */
export const money = declare("money");
/** A finite double. */
export const real = declare("real");
/** True or false. */
export const boolean = declare("boolean");
/** An accounting date, YYYY-MM-DD. */
export const date = declare("date");
/** An instant, ISO 8601 in UTC with milliseconds. */
export const instant = declare("instant");
/** A JSON value. */
export const json = declare("json");
/** Opaque bytes. */
export const bytes = declare("bytes");

/** The same column, allowing null. */
export function nullable<const Column extends ColumnDeclaration>(column: Column): Omit<Column, "nullable"> & { readonly nullable: true } {
  return { ...column, nullable: true };
}

/** A text column of a closed set of values. */
export function oneOf<const Values extends readonly [string, ...string[]]>(
  ...values: Values
): { readonly type: "text"; readonly nullable: false; readonly values: Values } {
  return { type: "text", nullable: false, values };
}
