import { calculate, guarded, isSign, onlyPostgres, squareRoot, unary } from "./operations/arithmetic.ts";
import { contains } from "./operations/arrays.ts";
import { bitwise, complement, hasBits } from "./operations/bitwise.ts";
import { cast } from "./operations/casts.ts";
import { describe } from "./operations/compare.ts";
import { shiftTime } from "./operations/dates.ts";
import { concatenate } from "./operations/text.ts";
import { type Bound, refuse, type Scope } from "./scope.ts";
import { infix, type Term } from "./term.ts";
import { builtin, commonType, isExact, isFloat, isInstant, isInteger, isNumber, isText, sameType, type Type } from "./types.ts";

const calculated = new WeakSet<Term>();

function noOperator(op: string, left: Type, right?: Type): Error {
  return refuse(right === undefined ? `operator does not exist: ${op} ${describe(left)}` : `operator does not exist: ${describe(left)} ${op} ${describe(right)}`);
}

/** Bounds what a calculation reads, unless it is the result of another. */
function guard(scope: Scope, term: Term): Term {
  const operation = calculated.has(term) ? undefined : guarded(term.type);
  return operation === undefined ? term : scope.make(operation, [term], term.type);
}

/** `-a`, `+a`, `@a`, `~a`, `|/a`, `||/a` */
export function bindPrefix(scope: Scope, op: string, operand: Bound): Term {
  if (operand.kind === "untyped") throw refuse(`operator is not unique: ${op} unknown`);
  if (op === "~") {
    if (!hasBits(operand.type)) throw noOperator(op, operand.type);
    return scope.make(complement, [operand], operand.type);
  }
  if (op === "|/" || op === "||/") {
    if (!isNumber(operand.type)) throw noOperator(op, operand.type);
    const exact = op === "|/" && (isInteger(operand.type) || isFloat(operand.type));
    const operation = exact && !operand.constant ? squareRoot : onlyPostgres(([a = ""]) => `(${op} ${a}::pg_catalog.float8)`, op);
    return scope.make(operation, [operand], builtin.float8);
  }
  const found = op === "-" || op === "+" || op === "@" ? unary(op, operand.type) : undefined;
  if (found !== undefined) {
    const term = scope.make(found.operation, [operand], found.type);
    if (calculated.has(operand)) calculated.add(term);
    return term;
  }
  if (operand.type.kind !== "interval" || op === "@") throw noOperator(op, operand.type);
  return scope.make(onlyPostgres(([a = ""]) => `(${op} ${a})`, `${op} interval`), [operand], operand.type);
}

/** Operators other than comparisons. */
export function bindBinary(scope: Scope, op: string, left: Bound, right: Bound): Term {
  if (op === "||") return bindConcatenation(scope, left, right);
  const [a, b] = sides(scope, op, left, right);
  if (op === "@>" || op === "<@" || op === "&&") return bindContains(scope, op, a, b);
  if (op === "^") {
    if (!isNumber(a.type) || !isNumber(b.type)) throw noOperator(op, a.type, b.type);
    const numeric = [a, b].some(({ type }) => type.kind === "numeric") && [a, b].every(({ type }) => isExact(type));
    return scope.make(onlyPostgres(infix("^"), "^"), [a, b], numeric ? builtin.numeric : builtin.float8);
  }
  const bits = bitwise(op, a.type, b.type);
  if (bits !== undefined) return scope.make(bits.operation, [a, b], bits.type);
  if (isSign(op)) return bindSign(scope, op, a, b);
  throw noOperator(op, a.type, b.type);
}

/** An untyped literal takes the type of the other side, except for an interval added to a timestamp. */
function sides(scope: Scope, op: string, left: Bound, right: Bound): readonly [Term, Term] {
  if (left.kind === "untyped" && right.kind === "untyped") throw refuse(`operator is not unique: unknown ${op} unknown`);
  if (left.kind === "untyped") return [scope.typed(left, right.kind === "untyped" ? builtin.text : right.type), scope.typed(right, builtin.text)];
  const beside = (type: Type): Type => {
    if (op !== "+" || !isInstant(type)) return type;
    if (type.kind === "date") throw refuse("a literal added to a date needs a cast");
    return builtin.interval;
  };
  return [left, scope.typed(right, beside(left.type))];
}

function bindSign(scope: Scope, op: "+" | "-" | "*" | "/" | "%", a: Term, b: Term): Term {
  if (isNumber(a.type) && isNumber(b.type)) {
    const found = calculate(op, a.type, b.type);
    if (found === undefined) throw noOperator(op, a.type, b.type);
    // Between constants Postgres' own operator computes, and fails, once.
    if (a.constant && b.constant) return scope.make(onlyPostgres(infix(op), op), [a, b], isInteger(found.type) ? (commonType(a.type, b.type) ?? found.type) : found.type);
    scope.calculation();
    const term = scope.make(found.operation, [guard(scope, a), guard(scope, b)], found.type);
    calculated.add(term);
    return term;
  }
  const swapped = op === "+" && !isInstant(a.type) && isInstant(b.type);
  const [first, second] = swapped ? [b, a] : [a, b];
  const shifted = op === "+" || op === "-" ? shiftTime(op, first.type, second.type, second.constant) : undefined;
  if (shifted !== undefined) return scope.make(shifted.operation, [first, second], shifted.type);
  const scaled = (op === "*" || op === "/") && a.type.kind === "interval" && isNumber(b.type);
  if (scaled || (op === "*" && isNumber(a.type) && b.type.kind === "interval")) return scope.make(onlyPostgres(infix(op), `interval ${op}`), [a, b], builtin.interval);
  throw noOperator(op, a.type, b.type);
}

function bindContains(scope: Scope, op: "@>" | "<@" | "&&", a: Term, b: Term): Term {
  if (!scope.evaluated && a.type.kind === "opaque" && sameType(a.type, b.type)) return scope.make(onlyPostgres(infix(op), op), [a, b], builtin.bool);
  const element = a.type.element;
  if (element === undefined || !sameType(a.type, b.type)) throw noOperator(op, a.type, b.type);
  return scope.makeCollated(contains(op, element, scope.collation([a, b])), [a, b], builtin.bool);
}

function bindConcatenation(scope: Scope, left: Bound, right: Bound): Term {
  const array = [left, right].find((side) => side.kind !== "untyped" && side.type.kind === "array");
  if (array !== undefined && array.kind !== "untyped") {
    const sidesOfArray = [left, right].map((side) => scope.typed(side, array.type));
    return scope.make(onlyPostgres(infix("||"), "|| of arrays"), sidesOfArray, array.type);
  }
  const terms = [left, right].map((side) => scope.typed(side, builtin.text));
  if (!terms.some(({ type }) => isText(type))) throw refuse("|| needs a text or an array");
  const texts = terms.map((term) => (isText(term.type) ? term : scope.make(cast(term.type, builtin.text, builtin.text.sql, [], term.kind === "column"), [term], builtin.text)));
  const [a, b] = texts;
  if (a === undefined || b === undefined) throw refuse("|| needs two sides");
  return scope.make(concatenate(a.type, b.type), [a, b], builtin.text);
}
