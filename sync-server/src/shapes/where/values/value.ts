import type { ArrayText } from "./array.ts";
import type { Decimal } from "./decimal.ts";
import type { Interval } from "./interval.ts";

/** An array of evaluated elements. */
export interface ArrayValue {
  readonly shape: Pick<ArrayText, "lengths" | "bounds">;
  readonly elements: readonly Value[];
}

/** An interval of any length. */
export interface IntervalValue {
  readonly interval: Interval | "infinity" | "-infinity";
}

/**
 * A value while a clause is evaluated; SQL's NULL is `null`. Integers, dates (days) and times (microseconds) are bigints, floats are
 * numbers, texts and whatever is compared by its text are strings.
 */
export type Value = null | boolean | string | number | bigint | Decimal | ArrayValue | IntervalValue;

/** A value that is not NULL. */
export type Present = Exclude<Value, null>;

const wrong = (): Error => new Error("a where clause was bound to values of another type");

/** Narrows to a string; throws when the clause was bound wrongly, which is a bug. */
export function asText(value: Value): string {
  if (typeof value !== "string") throw wrong();
  return value;
}

/** Narrows to a bigint. */
export function asBigint(value: Value): bigint {
  if (typeof value !== "bigint") throw wrong();
  return value;
}

/** Narrows to a number. */
export function asNumber(value: Value): number {
  if (typeof value !== "number") throw wrong();
  return value;
}

/** Narrows to a decimal. */
export function asDecimal(value: Value): Decimal {
  if (typeof value !== "object" || value === null || !("scale" in value)) throw wrong();
  return value;
}

/** Narrows to an array. */
export function asArray(value: Value): ArrayValue {
  if (typeof value !== "object" || value === null || !("elements" in value)) throw wrong();
  return value;
}

/** Narrows to an interval. */
export function asInterval(value: Value): IntervalValue["interval"] {
  if (typeof value !== "object" || value === null || !("interval" in value)) throw wrong();
  return value.interval;
}
