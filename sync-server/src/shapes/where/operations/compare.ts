import type { ComparisonOperator } from "../expression.ts";
import { commonType, type Type } from "../types.ts";
import { compareDecimals } from "../values/decimal.ts";
import { intervalLength } from "../values/interval.ts";
import { compareCodePoints, unpad } from "../values/text.ts";
import { asArray, asBigint, asDecimal, asInterval, asNumber, asText, type ArrayValue, type Present, type Value } from "../values/value.ts";
import { type Collation, type Evaluator, infix, type Operand, type Operation, strict2 } from "../term.ts";
import { implicit } from "./convert.ts";

type Order = (a: Present, b: Present) => number;

const orderNumbers = (a: number, b: number): number => (a === b ? 0 : Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a < b ? -1 : 1);
const orderBigints = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order of a type's values; texts in byte order. `undefined` for types only Postgres compares. */
export function orderOf(type: Type): Order | undefined {
  switch (type.kind) {
    case "bool":
      return (a, b) => Number(a) - Number(b);
    case "int2":
    case "int4":
    case "int8":
    case "integer":
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
      return (a, b) => orderBigints(asBigint(a), asBigint(b));
    case "numeric":
      return (a, b) => compareDecimals(asDecimal(a), asDecimal(b));
    case "float4":
    case "float8":
      return (a, b) => orderNumbers(asNumber(a), asNumber(b));
    case "text":
    case "varchar":
    case "uuid":
    case "bytea":
    case "enum":
      return (a, b) => compareCodePoints(asText(a), asText(b));
    case "bpchar":
      return (a, b) => compareCodePoints(unpad(asText(a)), unpad(asText(b)));
    case "interval":
      return (a, b) => orderBigints(intervalLength(asInterval(a)), intervalLength(asInterval(b)));
    case "array":
      return type.element === undefined ? undefined : arrayOrder(type.element);
    case "opaque":
      return undefined;
  }
}

/** Arrays are only ever tested for equality: shape and elements, where two NULLs are equal. */
function arrayOrder(element: Type): Order | undefined {
  const order = orderOf(element);
  if (order === undefined) return undefined;
  const sameShape = (a: ArrayValue, b: ArrayValue): boolean => a.shape.lengths.join() === b.shape.lengths.join() && a.shape.bounds.join() === b.shape.bounds.join();
  return (left, right) => {
    const [a, b] = [asArray(left), asArray(right)];
    const equal = sameShape(a, b) && a.elements.every((value, at) => {
      const other = b.elements[at] ?? null;
      return value === null || other === null ? value === other : order(value, other) === 0;
    });
    return equal ? 0 : 1;
  };
}

const holds: Record<ComparisonOperator, (order: number) => boolean> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** A comparison both sides of which are converted to their common type, or why there is none. */
interface Comparison {
  readonly order: Order;
}

function comparison(left: Type, right: Type, ordering: boolean, collation: Collation | undefined): Comparison | string {
  const common = commonType(left, right);
  if (common === undefined) return `${describe(left)} and ${describe(right)} cannot be compared`;
  const order = orderOf(common);
  const [convertLeft, convertRight] = [implicit(left, common), implicit(right, common)];
  if (order === undefined || convertLeft === undefined || convertRight === undefined) return `comparing ${describe(left)} with ${describe(right)} is not supported on changes`;
  if (ordering && (common.kind === "enum" || common.kind === "array")) return `the order of values of type ${describe(common)} is not supported on changes`;
  const text = ["text", "varchar", "bpchar"].includes((common.element ?? common).kind);
  if (text && collation?.deterministic === false) return "the collation is not deterministic, which is not supported on changes";
  if (text && ordering && collation?.bytewise !== true) return "the order of texts depends on the collation; only COLLATE \"C\" is supported on changes";
  return { order: (a, b) => order(convertLeft(a), convertRight(b)) };
}

/** A type for messages. */
export function describe(type: Type): string {
  return type.kind === "integer" ? "integer" : type.sql.replace(/^pg_catalog\./, "");
}

/** `a = b`, `a < b` … */
export function compare(op: ComparisonOperator, left: Type, right: Type, collation: Collation | undefined): Operation {
  const how = comparison(left, right, op !== "=" && op !== "<>", collation);
  const sql = infix(op);
  if (typeof how === "string") return { sql, build: how };
  const test = holds[op];
  return { sql, build: strict2((a, b) => test(how.order(a, b))), ...(op === "=" ? { equality: "one" as const } : {}) };
}

/** `a IS DISTINCT FROM b` */
export function distinct(left: Type, right: Type, collation: Collation | undefined): Operation {
  const how = comparison(left, right, false, collation);
  const sql = infix("IS DISTINCT FROM");
  if (typeof how === "string") return { sql, build: how };
  return {
    sql,
    build: ([a, b]) => (row) => {
      const [x, y] = [a?.read(row) ?? null, b?.read(row) ?? null];
      return x === null || y === null ? x !== y : how.order(x, y) !== 0;
    },
  };
}

/** `a = ANY (array)`, `a <> ALL (array)` … */
export function quantified(op: ComparisonOperator, all: boolean, left: Type, array: Type, collation: Collation | undefined): Operation {
  const element = array.element ?? array;
  const how = comparison(left, element, op !== "=" && op !== "<>", collation);
  // The cast keeps a value read by a subselect an array: `ANY ((SELECT …))` would be a subquery of rows.
  const sql = ([a = "", b = ""]: readonly string[]): string => `(${a} ${op} ${all ? "ALL" : "ANY"} (${b}::${array.sql}))`;
  if (typeof how === "string") return { sql, build: how };
  const test = holds[op];
  const any = (value: Value, elements: readonly Value[]): Value => {
    if (elements.length === 0) return all;
    if (value === null) return null;
    let result: Value = all;
    for (const candidate of elements) {
      if (candidate === null) result = null;
      else if (test(how.order(value, candidate)) !== all) return !all;
    }
    return result;
  };
  return { sql, build: ([a, b]) => overArray(a, b, any), ...(op === "=" && !all ? { equality: "any" as const } : {}) };
}

function overArray(a: Operand | undefined, b: Operand | undefined, work: (value: Value, elements: readonly Value[]) => Value): Evaluator {
  return (row) => {
    const array = b?.read(row) ?? null;
    return array === null ? null : work(a?.read(row) ?? null, asArray(array).elements);
  };
}

/** `NULLIF(a, b)`; `convert` gives the left value the type it is compared as. */
export function nullIf(left: Type, right: Type, collation: Collation | undefined, convert: (value: Present) => Present): Operation {
  const how = comparison(left, right, false, collation);
  const sql = ([a = "", b = ""]: readonly string[]): string => `NULLIF(${a}, ${b})`;
  if (typeof how === "string") return { sql, build: how };
  return {
    sql,
    build: ([a, b]) => (row) => {
      const [x, y] = [a?.read(row) ?? null, b?.read(row) ?? null];
      return x === null || (y !== null && how.order(x, y) === 0) ? null : convert(x);
    },
  };
}

/** `COALESCE(a, …)`, `GREATEST(a, …)`, `LEAST(a, …)` of values that convert to one type. */
export function choice(name: "COALESCE" | "GREATEST" | "LEAST", types: readonly Type[], common: Type, collation: Collation | undefined): Operation {
  const sql = (args: readonly string[]): string => `${name}(${args.join(", ")})`;
  const converters = types.map((type) => implicit(type, common));
  const how = comparison(common, common, name !== "COALESCE", collation);
  if (name !== "COALESCE" && typeof how === "string") return { sql, build: how };
  if (converters.includes(undefined)) return { sql, build: `${name} of these types is not supported on changes` };
  return {
    sql,
    build: (args) => (row) => {
      let best: Value = null;
      for (let at = 0; at < args.length; at++) {
        const given = args[at]?.read(row) ?? null;
        const value = given === null ? null : (converters[at]?.(given) ?? null);
        if (value === null) continue;
        if (name === "COALESCE") return value;
        if (best === null || (typeof how !== "string" && how.order(value, best) * (name === "GREATEST" ? 1 : -1) > 0)) best = value;
      }
      return best;
    },
  };
}
