import { isFloat, isInteger, isText, sameType, type Type } from "../types.ts";
import { decimalOf } from "../values/decimal.ts";
import { startOf } from "../values/instant.ts";
import { unpad } from "../values/text.ts";
import { asBigint, asText, type Present } from "../values/value.ts";

/** How Postgres converts a value implicitly, without rounding choices and without failing; `undefined` when there is no such way. */
export function implicit(from: Type, to: Type): ((value: Present) => Present) | undefined {
  const same = (value: Present): Present => value;
  if (sameType(from, to)) return same;
  if (isInteger(from) && isInteger(to)) return same;
  if (isInteger(from) && to.kind === "numeric") return (value) => decimalOf(asBigint(value));
  if (isInteger(from) && to.kind === "float8") return (value) => Number(asBigint(value));
  if (isFloat(from) && to.kind === "float8") return same;
  if (from.kind === "bpchar" && isText(to)) return (value) => unpad(asText(value));
  if (isText(from) && isText(to)) return same;
  if (from.kind === "date" && (to.kind === "timestamp" || to.kind === "timestamptz")) return (value) => startOf(asBigint(value));
  if (from.kind === "timestamp" && to.kind === "timestamptz") return same;
  return undefined;
}
