import { builtin, integerType, isExact, isFloat, isInteger, type Type } from "../types.ts";
import { type Operation, strict1, strict2 } from "../term.ts";
import { addDecimals, compareDecimals, type Decimal, decimalOf, divideDecimals, multiplyDecimals, negateDecimal, remainderDecimals } from "../values/decimal.ts";
import { asBigint, asDecimal, asNumber, type Present, type Value } from "../values/value.ts";

/** An operation and the type of its result. */
export interface Typed {
  readonly operation: Operation;
  readonly type: Type;
}

type Sign = "+" | "-" | "*" | "/" | "%";

/** Operators that calculate. */
export function isSign(op: string): op is Sign {
  return op === "+" || op === "-" || op === "*" || op === "/" || op === "%";
}

/**
 * Division with a zero divisor is NULL, on both sides: Postgres would fail the whole snapshot. NaN divided by zero is NaN.
 * The operands are read once, so that nested operations stay linear in length.
 */
const divisionSql = (op: string) => ([a = "", b = ""]: readonly string[]): string =>
  `(SELECT CASE WHEN divisor = 0 AND dividend <> 'NaN' THEN NULL ELSE dividend ${op} divisor END FROM (SELECT ${a} AS dividend, ${b} AS divisor) AS quotient)`;

const toNumeric = (args: readonly string[]): string[] => args.map((arg) => `${arg}::pg_catalog.numeric`);

/** Integers are calculated without bounds, where Postgres would fail with an overflow. */
const integerOperations: Record<Sign, Operation> = {
  "+": { sql: (args) => `(${toNumeric(args).join(" + ")})`, build: strict2((a, b) => asBigint(a) + asBigint(b)) },
  "-": { sql: (args) => `(${toNumeric(args).join(" - ")})`, build: strict2((a, b) => asBigint(a) - asBigint(b)) },
  "*": { sql: (args) => `(${toNumeric(args).join(" * ")})`, build: strict2((a, b) => asBigint(a) * asBigint(b)) },
  "/": { sql: ([a = "", b = ""]) => `pg_catalog.div(${a}::pg_catalog.numeric, NULLIF(${b}::pg_catalog.numeric, 0))`, build: strict2((a, b) => (asBigint(b) === 0n ? null : asBigint(a) / asBigint(b))) },
  "%": { sql: ([a = "", b = ""]) => `pg_catalog.mod(${a}::pg_catalog.numeric, NULLIF(${b}::pg_catalog.numeric, 0))`, build: strict2((a, b) => (asBigint(b) === 0n ? null : asBigint(a) % asBigint(b))) },
};

const decimalWork: Record<Sign, (a: Decimal, b: Decimal) => Decimal | null> = {
  "+": addDecimals,
  "-": (a, b) => addDecimals(a, negateDecimal(b)),
  "*": multiplyDecimals,
  "/": divideDecimals,
  "%": remainderDecimals,
};
/** Just within the finite float8 values, so that a comparison of rounded quotients decides safely. */
const floatMax = "1.797693134862315e308";
const floatMin = "1e-323";
const special = "(0, 'NaN', 'Infinity', '-Infinity')";

/** Float operations that would overflow or underflow, where Postgres fails, are NULL on both sides. */
const floatSafe: Record<"+" | "-" | "*" | "/", { readonly sql: string; readonly safe: (x: number, y: number) => boolean }> = {
  "+": { sql: `sign(x) <> sign(y) OR abs(x) <= ${floatMax} - abs(y)`, safe: (x, y) => Math.sign(x) !== Math.sign(y) || Math.abs(x) <= Number(floatMax) - Math.abs(y) },
  "-": { sql: `sign(x) = sign(y) OR abs(x) <= ${floatMax} - abs(y)`, safe: (x, y) => Math.sign(x) === Math.sign(y) || Math.abs(x) <= Number(floatMax) - Math.abs(y) },
  "*": {
    sql: `CASE WHEN abs(y) >= 1 THEN abs(x) <= ${floatMax} / abs(y) ELSE abs(x) >= ${floatMin} / abs(y) END`,
    safe: (x, y) => (Math.abs(y) >= 1 ? Math.abs(x) <= Number(floatMax) / Math.abs(y) : Math.abs(x) >= Number(floatMin) / Math.abs(y)),
  },
  "/": {
    sql: `CASE WHEN abs(y) < 1 THEN abs(x) <= ${floatMax} * abs(y) ELSE abs(x) >= ${floatMin} * abs(y) END`,
    safe: (x, y) => (Math.abs(y) < 1 ? Math.abs(x) <= Number(floatMax) * Math.abs(y) : Math.abs(x) >= Number(floatMin) * Math.abs(y)),
  },
};
const floatWork: Record<"+" | "-" | "*" | "/", (x: number, y: number) => number> = { "+": (x, y) => x + y, "-": (x, y) => x - y, "*": (x, y) => x * y, "/": (x, y) => x / y };

function floatOperation(op: "+" | "-" | "*" | "/", left: Type, right: Type): Operation {
  const [readLeft, readRight, work, { sql, safe }] = [floatFrom(left), floatFrom(right), floatWork[op], floatSafe[op]];
  const zero = op === "/" ? "WHEN y = 0 AND x <> 'NaN' THEN NULL " : "";
  const bounds = sql.replaceAll(/\d[\d.]*e-?\d+/g, "'$&'::pg_catalog.float8");
  return {
    sql: ([a = "", b = ""]) =>
      `(SELECT CASE ${zero}WHEN x IN ${special} OR y IN ${special} THEN x ${op} y WHEN ${bounds} THEN x ${op} y END FROM (SELECT ${a}::pg_catalog.float8 AS x, ${b}::pg_catalog.float8 AS y) AS operands)`,
    build: strict2((a, b) => {
      const [x, y] = [readLeft(a), readRight(b)];
      if (op === "/" && y === 0 && !Number.isNaN(x)) return null;
      const plain = x === 0 || y === 0 || !Number.isFinite(x) || !Number.isFinite(y);
      return plain || safe(x, y) ? work(x, y) : null;
    }),
  };
}

const decimalFrom = (type: Type) => (value: Present): Decimal => (isInteger(type) ? decimalOf(asBigint(value)) : asDecimal(value));
const floatFrom = (type: Type) => (value: Present): number => (isInteger(type) ? Number(asBigint(value)) : asNumber(value));

/** `a + b` and the like for numbers; `undefined` when Postgres has no such operator. */
export function calculate(op: Sign, left: Type, right: Type): Typed | undefined {
  const plain = (args: readonly string[]): string => (op === "/" || op === "%" ? divisionSql(op)(args) : `(${args.join(` ${op} `)})`);
  if (isInteger(left) && isInteger(right)) return { operation: integerOperations[op], type: integerType };
  if (isExact(left) && isExact(right)) {
    const [readLeft, readRight, work] = [decimalFrom(left), decimalFrom(right), decimalWork[op]];
    return { operation: { sql: plain, build: strict2((a, b) => work(readLeft(a), readRight(b))) }, type: builtin.numeric };
  }
  if (op === "%") return undefined;
  if (left.kind === "float4" && right.kind === "float4") return { operation: { sql: plain, build: "arithmetic of two float4 values is not supported on changes" }, type: builtin.float4 };
  if ([left, right].some((type) => type.kind === "numeric")) return { operation: { sql: plain, build: "arithmetic of numeric and float is not supported on changes" }, type: builtin.float8 };
  return { operation: floatOperation(op, left, right), type: builtin.float8 };
}

const digitsMax = 500;
const decimalMax = decimalOf(10n ** BigInt(digitsMax));

/** What arithmetic reads: numerics beyond 500 digits are NULL on both sides, so that no calculation can overflow. `undefined` for types that need no guard. */
export function guarded(type: Type): Operation | undefined {
  if (type.kind !== "numeric") return undefined;
  return {
    sql: ([a = ""]) => `(CASE WHEN (pg_catalog.abs(${a}) < 1e${digitsMax} AND pg_catalog.scale(${a}) <= ${digitsMax}) OR ${a} IN ('NaN', 'Infinity', '-Infinity') THEN ${a} END)`,
    build: strict1((value) => {
      const decimal = asDecimal(value);
      const small = decimal.special !== undefined || (decimal.scale <= digitsMax && compareDecimals(decimal, decimalMax) < 0 && compareDecimals(negateDecimal(decimal), decimalMax) < 0);
      return small ? decimal : null;
    }),
  };
}

/** `-a`, `+a`, `@a` and `abs(a)`; `undefined` for what is not a number. */
export function unary(op: "-" | "+" | "@", type: Type): Typed | undefined {
  const name = op === "@" ? "pg_catalog.abs" : op;
  if (isInteger(type)) {
    const operation: Operation = {
      sql: ([a = ""]) => `(${name}(${a}::pg_catalog.numeric))`,
      build: strict1((value): Value => {
        const integer = asBigint(value);
        return op === "+" || (op === "@" && integer >= 0n) ? integer : -integer;
      }),
    };
    return { operation, type: integerType };
  }
  const sql = ([a = ""]: readonly string[]): string => `(${name}(${a}))`;
  if (type.kind === "numeric") {
    const keeps = (value: Decimal): boolean => op === "+" || (op === "@" && compareDecimals(value, decimalOf(0n)) >= 0);
    return { operation: { sql, build: strict1((value) => (keeps(asDecimal(value)) ? value : negateDecimal(asDecimal(value)))) }, type };
  }
  if (!isFloat(type)) return undefined;
  const work = { "+": (value: number) => value, "-": (value: number) => -value, "@": Math.abs }[op];
  return { operation: { sql, build: strict1((value) => work(asNumber(value))) }, type };
}

/** Square root of a float8, exact by IEEE 754; NULL for negative numbers. */
export const squareRoot: Operation = {
  sql: ([a = ""]) => `(SELECT CASE WHEN x >= 0 THEN |/ x END FROM (SELECT ${a}::pg_catalog.float8 AS x) AS radicand)`,
  build: strict1((value) => {
    const float = typeof value === "bigint" ? Number(value) : asNumber(value);
    return Number.isNaN(float) || float >= 0 ? Math.sqrt(float) : null;
  }),
};

/** What only Postgres calculates: powers and cube roots. */
export function onlyPostgres(sql: Operation["sql"], what: string): Operation {
  return { sql, build: `${what} is not supported on changes` };
}
