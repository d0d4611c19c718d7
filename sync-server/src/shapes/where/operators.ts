import type { Expression } from "./expression.ts";

/** Binding strengths, weakest first (Postgres' manual, 4.1.6 Operator Precedence). */
export const strength = { or: 1, and: 2, not: 3, is: 4, comparison: 5, like: 6, other: 7, add: 8, multiply: 9, power: 10, zone: 11, collate: 12, sign: 13, cast: 15 } as const;

/** Binary operators written in symbols, with their binding strength. */
export const binaryStrength: ReadonlyMap<string, number> = new Map([
  ...["=", "<>", "<", "<=", ">", ">="].map((op) => [op, strength.comparison] as const),
  ...["+", "-"].map((op) => [op, strength.add] as const),
  ...["*", "/", "%"].map((op) => [op, strength.multiply] as const),
  ["^", strength.power],
  ...["||", "&", "|", "#", "<<", ">>", "@>", "<@", "&&", "~~", "!~~", "~~*", "!~~*"].map((op) => [op, strength.other] as const),
]);

/** Operators before their operand, beside the signs. */
export const prefixOperators: ReadonlySet<string> = new Set(["~", "@", "|/", "||/"]);

/** Comparisons do not associate. */
export const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);

/** NOT of a predicate. */
export const negate = (operand: Expression): Expression => ({ kind: "not", operand });

/** `~~` and its like are LIKE in symbols; `undefined` for any other operator. */
export function likeOperator(op: string, operand: Expression, pattern: Expression): Expression | undefined {
  if (!["~~", "!~~", "~~*", "!~~*"].includes(op)) return undefined;
  const like: Expression = { kind: "like", insensitive: op.endsWith("*"), operand, pattern, escape: undefined };
  return op.startsWith("!") ? negate(like) : like;
}
