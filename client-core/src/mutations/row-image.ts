import { canonicalText, fromStored, toBound, type BoundValue, type CodecColumn, type Dialect, type JsonValue, type LogicalValue, type TableCodec } from "@saldo/schema";
import type { SqlRow } from "../store/local-database.ts";

/** A row, or some columns of one, as JSON: keyed by declaration key, bytes as `\x` hex. What `sync_base` and `sync_effect` keep. */
export type RowImage = Readonly<Record<string, JsonValue>>;

const asIs: ReadonlySet<string> = new Set(["id", "text", "date", "instant"]);

/** JSON form of one logical value. */
export function imageOfValue(value: LogicalValue): JsonValue {
  return value instanceof Uint8Array ? `\\x${canonicalText("bytes", value)}` : value;
}

/** Image of a row as a driver or a shape message gives it; columns this version does not know are dropped. */
export function imageOfStored(codec: TableCodec, stored: SqlRow): RowImage {
  const image: Record<string, JsonValue> = {};
  for (const name in stored) {
    const column = codec.bySql.get(name);
    if (column) image[column.key] = imageOfValue(fromStored(column.declaration.type, stored[name]));
  }
  return image;
}

/** Bound values of a whole row, in the codec's order; a column the image lacks is null. */
export function boundOfImage(codec: TableCodec, image: RowImage, dialect: Dialect): BoundValue[] {
  return codec.columns.map((column) => boundOfJson(column, image[column.key] ?? null, dialect));
}

/** Bound value of one column from its JSON form. */
export function boundOfJson(column: CodecColumn, value: JsonValue, dialect: Dialect): BoundValue {
  const { type } = column.declaration;
  return toBound(type, type === "json" ? value : fromStored(type, value), dialect);
}

/** A function that turns one value into what a driver binds. Throws `TypeError` when the value is not of the column's type. */
export type Binder = (value: unknown) => BoundValue;

/** Binders of values as rows carry them in TypeScript, in the codec's order: made once for a bulk write. */
export function rowBinders(codec: TableCodec, dialect: Dialect): readonly Binder[] {
  return codec.columns.map(({ declaration: { type } }) => {
    if (asIs.has(type)) return bindText;
    if (type === "integer" || type === "money") return bindInteger;
    return (value: unknown) => toBound(type, logicalValue(value), dialect);
  });
}

/** Binders of values as a shape message carries them (Postgres text), in the codec's order. JSON text is stored as the server wrote it. */
export function wireBinders(codec: TableCodec, dialect: Dialect): readonly Binder[] {
  return codec.columns.map(({ declaration: { type } }) => {
    if (asIs.has(type) || type === "json") return bindText;
    return (value: unknown) => toBound(type, fromStored(type, value), dialect);
  });
}

function bindText(value: unknown): BoundValue {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return null;
  throw new TypeError("the value is not a text");
}

function bindInteger(value: unknown): BoundValue {
  if (Number.isSafeInteger(value)) return Number(value);
  if (value === null || value === undefined) return null;
  throw new TypeError("the value is not a safe integer");
}

/** Checks that a value of unknown origin is one a row may carry. Throws `TypeError` otherwise. */
export function logicalValue(value: unknown): LogicalValue {
  if (value === undefined || value === null) return null;
  if (value instanceof Uint8Array) return value;
  return jsonValue(value);
}

function jsonValue(value: unknown): JsonValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, jsonValue(part)]));
  throw new TypeError("the value is not JSON");
}
