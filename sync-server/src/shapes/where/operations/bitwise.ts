import type { Kind, Type } from "../types.ts";
import { infix, type Operation, strict1, strict2 } from "../term.ts";
import { asBigint } from "../values/value.ts";
import type { Typed } from "./arithmetic.ts";

const bits: Partial<Record<Kind, number>> = { int2: 16, int4: 32, int8: 64 };

/** Machine shifts count modulo the register's width: 32 bits for int2 and int4. */
function shift(op: "<<" | ">>", width: number): (a: bigint, b: bigint) => bigint {
  const mask = width === 64 ? 63n : 31n;
  const register = width === 64 ? 64 : 32;
  return (a, b) => BigInt.asIntN(width, op === "<<" ? BigInt.asIntN(register, a << (b & mask)) : a >> (b & mask));
}

const work: Record<string, (a: bigint, b: bigint) => bigint> = { "&": (a, b) => a & b, "|": (a, b) => a | b, "#": (a, b) => a ^ b };

/** `a & b`, `a | b`, `a # b`, `a << b`, `a >> b` of integers; `undefined` for other types. */
export function bitwise(op: string, left: Type, right: Type): Typed | undefined {
  const [leftBits, rightBits] = [bits[left.kind], bits[right.kind]];
  if (leftBits === undefined || rightBits === undefined) return undefined;
  if (op === "<<" || op === ">>") {
    if (rightBits > 32) return undefined;
    const shifted = shift(op, leftBits);
    return { operation: { sql: infix(op), build: strict2((a, b) => shifted(asBigint(a), asBigint(b))) }, type: left };
  }
  const combine = work[op];
  if (combine === undefined) return undefined;
  return { operation: { sql: infix(op), build: strict2((a, b) => combine(asBigint(a), asBigint(b))) }, type: leftBits >= rightBits ? left : right };
}

/** `~a` */
export const complement: Operation = { sql: ([a = ""]) => `(~ ${a})`, build: strict1((value) => ~asBigint(value)) };

/** True for int2, int4 and int8. */
export function hasBits(type: Type): boolean {
  return bits[type.kind] !== undefined;
}
