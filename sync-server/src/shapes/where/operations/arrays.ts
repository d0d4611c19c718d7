import { call, infix, type Collation, type Operation, strict1, strict2 } from "../term.ts";
import type { Type } from "../types.ts";
import { asArray, type Value } from "../values/value.ts";
import { orderOf } from "./compare.ts";

/** `a @> b`, `a <@ b`, `a && b` of arrays with one element type. A NULL element equals nothing. */
export function contains(op: "@>" | "<@" | "&&", element: Type, collation: Collation | undefined): Operation {
  const sql = infix(op);
  const order = orderOf(element);
  if (order === undefined) return { sql, build: `${op} of this type is not supported on changes` };
  if (collation?.deterministic === false) return { sql, build: "the collation is not deterministic, which is not supported on changes" };
  const has = (values: readonly Value[], value: Value): boolean => value !== null && values.some((candidate) => candidate !== null && order(candidate, value) === 0);
  return {
    sql,
    build: strict2((left, right) => {
      const [a, b] = [asArray(left).elements, asArray(right).elements];
      if (op === "&&") return b.some((value) => has(a, value));
      return op === "@>" ? b.every((value) => has(a, value)) : a.every((value) => has(b, value));
    }),
  };
}

/** `cardinality(a)` */
export const cardinality: Operation = { sql: call("pg_catalog.cardinality"), build: strict1((array) => BigInt(asArray(array).elements.length)) };

/** `array_ndims(a)`; NULL for an empty array. */
export const dimensions: Operation = {
  sql: call("pg_catalog.array_ndims"),
  build: strict1((array) => {
    const { lengths } = asArray(array).shape;
    return lengths.length === 0 ? null : BigInt(lengths.length);
  }),
};

/** `array_length(a, n)`; NULL for a dimension the array does not have. */
export const arrayLength: Operation = {
  sql: call("pg_catalog.array_length"),
  build: strict2((array, dimension) => {
    const length = asArray(array).shape.lengths[Number(dimension) - 1];
    return length === undefined ? null : BigInt(length);
  }),
};
