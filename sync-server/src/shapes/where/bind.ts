import type { Table } from "../catalog/table.ts";
import { bindCall } from "./bind-call.ts";
import { bindBinary, bindPrefix } from "./bind-operator.ts";
import type { ComparisonOperator, Expression } from "./expression.ts";
import { arrayConstructor, cast } from "./operations/casts.ts";
import { compare, describe, distinct, quantified } from "./operations/compare.ts";
import { and, caseOperation, is, not, or } from "./operations/logic.ts";
import { implicit } from "./operations/convert.ts";
import { like, likeEscape } from "./operations/text.ts";
import { type Bound, common, refuse, Scope } from "./scope.ts";
import type { BoundWhere, Collation, Term } from "./term.ts";
import { arrayOf, builtin, commonType, findType, isExact, isFloat, isNumber, isText, type Type } from "./types.ts";
import { writeArray } from "./values/array.ts";

/** What the bound clause is for. */
export interface BindOptions {
  /** Default true: the clause is also evaluated on changes, exactly. False: only Postgres ever evaluates it (subset snapshots). */
  readonly evaluated?: boolean;
}

const comparisonOperators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const isComparison = (op: string): op is ComparisonOperator => comparisonOperators.has(op);

/** Collations Postgres may use besides those of plain bytes; named here, so that no name of the client's reaches SQL text. */
const collations: ReadonlySet<string> = new Set(["default", "unicode", "und-x-icu"]);

/** Gives every part of a clause its type, as Postgres would. */
class Binder {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** A boolean expression. */
  condition(expression: Expression): Term {
    const term = this.#scope.typed(this.bind(expression), builtin.bool);
    if (term.type.kind !== "bool") throw refuse(`a condition must be boolean, not ${describe(term.type)}`);
    return term;
  }

  bind(expression: Expression): Bound {
    const scope = this.#scope;
    switch (expression.kind) {
      case "column":
        return scope.column(expression.path);
      case "string":
        return { kind: "untyped", text: expression.text };
      case "null":
        return { kind: "untyped", text: null };
      case "number":
        return scope.literal(expression.text, numberType(expression.text));
      case "boolean":
        return scope.literal(expression.value ? "t" : "f", builtin.bool);
      case "array":
        return this.#array(expression.items, undefined);
      case "row":
        throw refuse("a row can only be compared with a row");
      case "cast":
        return this.#cast(expression);
      case "collate":
        return this.#collate(expression.operand, expression.collation);
      case "logic":
        return scope.make(expression.op === "and" ? and : or, expression.operands.map((operand) => this.condition(operand)), builtin.bool);
      case "not":
        return scope.make(not, [this.condition(expression.operand)], builtin.bool);
      case "is":
        return this.#is(expression.test, expression.operand);
      case "distinct":
        return this.#distinct(expression.left, expression.right);
      case "in":
        return this.#in(expression.operand, expression.items);
      case "quantified":
        return this.#quantified(expression);
      case "like":
        return this.#like(expression.insensitive, this.bind(expression.operand), this.bind(expression.pattern), expression.escape === undefined ? undefined : this.bind(expression.escape));
      case "prefix":
        return bindPrefix(scope, expression.op, this.bind(expression.operand));
      case "binary":
        return isComparison(expression.op) ? this.#compare(expression.op, expression.left, expression.right) : bindBinary(scope, expression.op, this.bind(expression.left), this.bind(expression.right));
      case "case":
        return this.#case(expression);
      case "call":
        return this.#call(expression.name, expression.args);
    }
  }

  #call(name: string, args: readonly Expression[]): Term {
    const bound = args.map((arg) => this.bind(arg));
    const patterns: Record<string, boolean> = { like: false, ilike: true, notlike: false, nlike: false };
    const [text, pattern] = bound;
    if (Object.hasOwn(patterns, name) && bound.length === 2 && text !== undefined && pattern !== undefined) {
      const test = this.#like(patterns[name] ?? false, text, pattern, undefined);
      return name === "notlike" ? this.#scope.make(not, [test], builtin.bool) : test;
    }
    return bindCall(this.#scope, name, bound);
  }

  #collate(operand: Expression, name: string): Term {
    const term = this.#scope.typed(this.bind(operand), builtin.text);
    if (!isText(term.type)) throw refuse(`collations are not supported by type ${describe(term.type)}`);
    const sql = `pg_catalog."${name}"`;
    const bytewise = name === "C" || name === "POSIX" || name === "ucs_basic";
    if (!bytewise && !collations.has(name)) throw refuse(`the collation ${name} is not supported in a where clause`);
    if (!bytewise && this.#scope.evaluated) throw refuse(`the collation ${name} is not supported on changes`);
    this.#scope.needsUtf8 ||= bytewise && this.#scope.evaluated;
    const collation: Collation = { name: sql, deterministic: true, bytewise, caseSql: bytewise ? sql : undefined, explicitSql: sql };
    return { ...term, collation };
  }

  #cast(expression: Extract<Expression, { kind: "cast" }>): Term {
    const scope = this.#scope;
    const found = findType(expression.type, scope.table.columns);
    if (found === undefined) throw refuse(`type ${expression.type.name} is not supported in a where clause`);
    if (expression.operand.kind === "array" && found.type.element !== undefined) return this.#array(expression.operand.items, found.type.element);
    const operand = this.bind(expression.operand);
    if (operand.kind === "untyped") return scope.literal(operand.text, found.type, found.sql);
    return scope.make(cast(operand.type, found.type, found.sql, found.modifiers, operand.kind === "column"), [operand], found.type);
  }

  #array(items: readonly Expression[], wanted: Type | undefined): Term {
    const scope = this.#scope;
    if (items.some((item) => item.kind === "array")) {
      const nested = items.map((item) => (item.kind === "array" ? this.#array(item.items, wanted) : undefined));
      const [first] = nested;
      if (first === undefined || nested.includes(undefined)) throw refuse("an array must not mix elements and arrays");
      return scope.make(arrayConstructor(first.type), nested.flatMap((item) => item ?? []), first.type);
    }
    const bound = items.map((item) => this.bind(item));
    const element = wanted ?? common(bound) ?? (bound.length > 0 ? builtin.text : undefined);
    if (element === undefined) throw refuse("an empty ARRAY[] needs a cast");
    return scope.make(arrayConstructor(arrayOf(element)), bound.map((item) => scope.typed(item, element)), arrayOf(element));
  }

  #is(test: "null" | "true" | "false" | "unknown", expression: Expression): Term {
    if (test !== "null") return this.#scope.make(is[test], [this.condition(expression)], builtin.bool);
    const operand = this.#scope.typed(this.bind(expression), builtin.text);
    if (operand.kind === "column" && this.#scope.table.columns[operand.index]?.typeKind === "composite") throw refuse("IS NULL is not supported on composite columns");
    return this.#scope.make(is.null, [operand], builtin.bool);
  }

  /** Two sides of one type: an untyped literal takes the other's, a constant number becomes the float it is compared with. */
  #sides(left: Bound, right: Bound): readonly [Term, Term] {
    const scope = this.#scope;
    const [a, b] = [scope.typed(left, right.kind === "untyped" ? builtin.text : right.type), scope.typed(right, left.kind === "untyped" ? builtin.text : left.type)];
    if (commonType(a.type, b.type) === undefined) throw refuse(`operator does not exist: ${describe(a.type)} and ${describe(b.type)} cannot be compared`);
    return [this.#asFloat(a, b.type), this.#asFloat(b, a.type)];
  }

  #asFloat(term: Term, other: Type): Term {
    if (!term.constant || !isExact(term.type) || !isFloat(other)) return term;
    return this.#scope.make(cast(term.type, builtin.float8, builtin.float8.sql, [], false), [term], builtin.float8);
  }

  #compare(op: ComparisonOperator, leftExpression: Expression, rightExpression: Expression): Term {
    if (leftExpression.kind === "row" || rightExpression.kind === "row") return this.#compareRows(op, leftExpression, rightExpression);
    return this.#compareBound(op, this.bind(leftExpression), this.bind(rightExpression));
  }

  #compareBound(op: ComparisonOperator, leftBound: Bound, rightBound: Bound): Term {
    const [left, right] = this.#sides(leftBound, rightBound);
    return this.#scope.makeCollated(compare(op, left.type, right.type, this.#scope.collation([left, right])), [left, right], builtin.bool);
  }

  /** Rows are compared from the left: `(a, b) < (c, d)` is `a < c OR (a = c AND b < d)`. */
  #compareRows(op: ComparisonOperator, left: Expression, right: Expression): Term {
    if (left.kind !== "row" || right.kind !== "row" || left.items.length !== right.items.length || left.items.length === 0) throw refuse("unequal number of entries in row expressions");
    const pairs = left.items.flatMap((item, at) => {
      const other = right.items[at];
      return other === undefined ? [] : [[item, other] as const];
    });
    const each = (operator: ComparisonOperator): Term[] => pairs.map(([a, b]) => this.#compare(operator, a, b));
    if (op === "=") return this.#scope.make(and, each("="), builtin.bool);
    if (op === "<>") return this.#scope.make(or, each("<>"), builtin.bool);
    const strictly: ComparisonOperator = op === "<" || op === "<=" ? "<" : ">";
    let result: Term | undefined;
    for (const [a, b] of pairs.toReversed()) {
      const last = result;
      if (last === undefined) result = this.#compare(op, a, b);
      else result = this.#scope.make(or, [this.#compare(strictly, a, b), this.#scope.make(and, [this.#compare("=", a, b), last], builtin.bool)], builtin.bool);
    }
    if (result === undefined) throw refuse("unequal number of entries in row expressions");
    return result;
  }

  #distinct(leftExpression: Expression, rightExpression: Expression): Term {
    const [left, right] = this.#sides(this.bind(leftExpression), this.bind(rightExpression));
    return this.#scope.makeCollated(distinct(left.type, right.type, this.#scope.collation([left, right])), [left, right], builtin.bool);
  }

  /** A list of plain literals becomes one array constant. */
  #in(operandExpression: Expression, items: readonly Expression[]): Term {
    if (operandExpression.kind === "row") return this.#scope.make(or, items.map((item) => this.#compareRows("=", operandExpression, item)), builtin.bool);
    const texts = items.map(literalText);
    const operand = this.bind(operandExpression);
    if (operand.kind === "untyped" || operand.type.kind === "array" || operand.type.kind === "opaque" || texts.includes(undefined)) return this.#inExpressions(operand, items);
    const element = listElement(operand.type, items);
    const array = this.#scope.literal(writeArray(texts.map((text) => text ?? null)), arrayOf(element));
    return this.#anyEquals(operand, array);
  }

  /** Like Postgres, gives several constants of a list one type, and compares whatever has a column in it by itself. */
  #inExpressions(operand: Bound, items: readonly Expression[]): Term {
    const bound = items.map((item) => this.bind(item));
    const constants = bound.filter((item) => item.kind === "untyped" || item.constant);
    const type = constants.length > 1 && operand.kind !== "untyped" ? common([operand, ...constants]) : undefined;
    return this.#scope.make(or, bound.map((item) => this.#compareBound("=", operand, item.kind === "untyped" && type !== undefined ? this.#scope.typed(item, type) : item)), builtin.bool);
  }

  #anyEquals(left: Term, array: Term): Term {
    return this.#scope.makeCollated(quantified("=", false, left.type, array.type, this.#scope.collation([left, array])), [left, array], builtin.bool);
  }

  #quantified({ op, all, left: leftExpression, right: rightExpression }: Extract<Expression, { kind: "quantified" }>): Term {
    if (!isComparison(op)) throw refuse(`${op} ${all ? "ALL" : "ANY"} is not supported`);
    const scope = this.#scope;
    const left = this.bind(leftExpression);
    const right = this.bind(rightExpression);
    const array = right.kind === "untyped" ? scope.literal(right.text, arrayOf(left.kind === "untyped" ? builtin.text : left.type.kind === "integer" ? builtin.int8 : left.type)) : right;
    const element = array.type.element;
    if (element === undefined) throw refuse("op ANY/ALL (array) requires array on right side");
    const operand = this.#asFloat(scope.typed(left, element), element);
    if (commonType(operand.type, element) === undefined) throw refuse(`operator does not exist: ${describe(operand.type)} and ${describe(element)} cannot be compared`);
    return scope.makeCollated(quantified(op, all, operand.type, array.type, scope.collation([operand, array])), [operand, array], builtin.bool);
  }

  #like(insensitive: boolean, text: Bound, givenPattern: Bound, escape: Bound | undefined): Term {
    const scope = this.#scope;
    const operand = scope.typed(text, builtin.text);
    const plain = scope.typed(givenPattern, builtin.text);
    const pattern = escape === undefined ? plain : scope.make(likeEscape, [plain, scope.typed(escape, builtin.text)], builtin.text);
    if (!isText(operand.type) || !isText(pattern.type)) throw refuse(`LIKE needs texts, not ${describe(isText(operand.type) ? pattern.type : operand.type)}`);
    const collation = scope.collation([operand, pattern]);
    const support = insensitive ? scope.caseSupport("lower", collation) : [];
    return scope.makeCollated(like(insensitive, collation, pattern.constant), [operand, pattern], builtin.bool, support);
  }

  #case({ branches, otherwise }: Extract<Expression, { kind: "case" }>): Term {
    const scope = this.#scope;
    const results = [...branches.map(({ result }) => this.bind(result)), otherwise === undefined ? ({ kind: "untyped", text: null } as const) : this.bind(otherwise)];
    const type = common(results) ?? builtin.text;
    const typed = results.map((result) => scope.typed(result, type));
    const args = branches.flatMap(({ test }, at) => [this.condition(test), ...typed.slice(at, at + 1)]);
    const converters = branches.flatMap((_, at) => [undefined, implicit(typed[at]?.type ?? type, type)]);
    const last = typed.at(-1);
    if (last === undefined || typed.some((term) => implicit(term.type, type) === undefined)) throw refuse("CASE of these types is not supported");
    return scope.make(caseOperation([...converters, implicit(last.type, type)]), [...args, last], type);
  }
}

const int4Max = 1n << 31n;
const int8Max = 1n << 63n;

function numberType(text: string): Type {
  if (!/^-?\d+$/.test(text)) return builtin.numeric;
  const value = BigInt(text);
  if (value < int4Max && value > -int4Max) return builtin.int4;
  return value < int8Max && value > -int8Max ? builtin.int8 : builtin.numeric;
}

/** The text of a plain literal; `undefined` for anything else. */
function literalText(expression: Expression): string | null | undefined {
  switch (expression.kind) {
    case "string":
    case "number":
      return expression.text;
    case "boolean":
      return expression.value ? "t" : "f";
    case "null":
      return null;
    default:
      return undefined;
  }
}

/** The type Postgres gives the literals of an IN list beside an operand. */
function listElement(operand: Type, items: readonly Expression[]): Type {
  const numbers = items.flatMap((item) => (item.kind === "number" ? [numberType(item.text)] : []));
  const [first, ...rest] = numbers;
  if (items.some(({ kind }) => kind === "boolean") && operand.kind !== "bool") throw refuse(`operator does not exist: ${describe(operand)} = boolean`);
  if (first === undefined) return operand.kind === "integer" ? builtin.int8 : operand;
  if (!isNumber(operand)) throw refuse(`operator does not exist: ${describe(operand)} = ${describe(first)}`);
  // Beside a float4, a list of several numbers becomes float4, but a single number float8.
  if (operand.kind === "float4") return items.length > 1 ? builtin.float4 : builtin.float8;
  if (isFloat(operand)) return builtin.float8;
  const widest = rest.reduce<Type>((a, b) => commonType(a, b) ?? a, first);
  return numbers.length === items.length ? widest : (commonType(widest, operand.kind === "integer" ? builtin.int8 : operand) ?? widest);
}

/** Binds a parsed predicate to a table's columns; throws `RequestRefused` (400) when types do not fit or exactness is lost. */
export function bindWhere(expression: Expression, table: Table, options: BindOptions = {}): BoundWhere {
  const scope = new Scope(table, options.evaluated ?? true);
  const term = scope.fold(new Binder(scope).condition(expression));
  return { term, constants: scope.constants, evaluated: scope.evaluated, needsUtf8: scope.needsUtf8 };
}
