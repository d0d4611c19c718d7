import type { JsonValue, LogicalValue } from "@saldo/schema";

/** One value of a row or patch. Both are typed by their tables; this is where the union of all columns meets the statement. */
export function asLogical(value: unknown): LogicalValue {
  if (value === undefined) return null;
  if (isLogical(value)) return value;
  throw new TypeError(`no column holds a ${typeof value}`);
}

function isLogical(value: unknown): value is Exclude<LogicalValue, JsonValue> | JsonValue {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "object";
}
