import { unary } from "./operations/arithmetic.ts";
import { arrayLength, cardinality, dimensions } from "./operations/arrays.ts";
import { onlyInPostgres } from "./operations/casts.ts";
import { choice, nullIf } from "./operations/compare.ts";
import { implicit } from "./operations/convert.ts";
import { atZone } from "./operations/dates.ts";
import { changeCase, length, startsWith } from "./operations/text.ts";
import { type Bound, common, refuse, type Scope } from "./scope.ts";
import type { Term } from "./term.ts";
import { arrayOf, builtin, commonType, isFloat, isInteger, isText, type Type } from "./types.ts";

type Binding = (scope: Scope, args: readonly Bound[]) => Term;

const unstable: ReadonlySet<string> = new Set(["now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", "random", "gen_random_uuid", "uuidv7", "uuidv4", "nextval", "age"]);

function argument(scope: Scope, args: readonly Bound[], at: number, type: Type): Term {
  const given = args[at];
  if (given === undefined) throw refuse("a function has too few arguments");
  return scope.typed(given, type);
}

function text(scope: Scope, args: readonly Bound[], at: number): Term {
  const term = argument(scope, args, at, builtin.text);
  if (!isText(term.type)) throw refuse("a function needs a text");
  return term;
}

function array(scope: Scope, args: readonly Bound[], at: number): Term {
  const term = argument(scope, args, at, builtin.text);
  if (term.type.kind !== "array") throw refuse("a function needs an array");
  return term;
}

const changedCase = (name: "lower" | "upper"): Binding => (scope, args) => {
  const term = text(scope, args, 0);
  return scope.makeCollated(changeCase(name, term.type, term.collation), [term], builtin.text, term.constant ? [] : scope.caseSupport(name, term.collation));
};
const measured: Binding = (scope, args) => {
  const term = text(scope, args, 0);
  return scope.make(length(term.type), [term], builtin.int4);
};
const chosen = (name: "COALESCE" | "GREATEST" | "LEAST"): Binding => (scope, args) => {
  if (args.length === 0) throw refuse(`${name} needs arguments`);
  const type = common(args) ?? builtin.text;
  const terms = args.map((arg) => scope.typed(arg, type));
  return scope.makeCollated(choice(name, terms.map((term) => term.type), type, scope.collation(terms)), terms, type);
};
const justified = (name: string): Binding => (scope, args) => scope.make(onlyInPostgres(name), [intervalOf(scope, args)], builtin.interval);

function intervalOf(scope: Scope, args: readonly Bound[]): Term {
  const term = argument(scope, args, 0, builtin.interval);
  if (term.type.kind !== "interval") throw refuse("a function needs an interval");
  return term;
}

/** `array_cat`, `array_append`, `array_prepend`: which argument is the array. */
const joined = (name: string, arrayAt: readonly number[]): Binding => (scope, args) => {
  const type = arrayAt.map((at) => args[at]).find((arg): arg is Term => arg !== undefined && arg.kind !== "untyped")?.type;
  if (type?.element === undefined) throw refuse(`${name} needs an array`);
  const element = type.element;
  return scope.make(onlyInPostgres(name), [0, 1].map((at) => argument(scope, args, at, arrayAt.includes(at) ? arrayOf(element) : element)), type);
};

const functions: ReadonlyMap<string, readonly [bind: Binding, count: number | "any"]> = new Map<string, readonly [Binding, number | "any"]>([
  ["lower", [changedCase("lower"), 1]],
  ["upper", [changedCase("upper"), 1]],
  ["length", [measured, 1]],
  ["char_length", [measured, 1]],
  ["character_length", [measured, 1]],
  ["starts_with", [(scope, args) => startTest(scope, args), 2]],
  ["coalesce", [chosen("COALESCE"), "any"]],
  ["greatest", [chosen("GREATEST"), "any"]],
  ["least", [chosen("LEAST"), "any"]],
  ["nullif", [(scope, args) => nullTest(scope, args), 2]],
  ["abs", [(scope, args) => absolute(scope, args), 1]],
  ["cardinality", [(scope, args) => scope.make(cardinality, [array(scope, args, 0)], builtin.int4), 1]],
  ["array_ndims", [(scope, args) => scope.make(dimensions, [array(scope, args, 0)], builtin.int4), 1]],
  ["array_length", [(scope, args) => lengthOf(scope, args), 2]],
  ["array_cat", [joined("array_cat", [0, 1]), 2]],
  ["array_append", [joined("array_append", [0]), 2]],
  ["array_prepend", [joined("array_prepend", [1]), 2]],
  ["justify_days", [justified("justify_days"), 1]],
  ["justify_hours", [justified("justify_hours"), 1]],
  ["justify_interval", [justified("justify_interval"), 1]],
  ["timezone", [(scope, args) => zoned(scope, args), 2]],
]);

function startTest(scope: Scope, args: readonly Bound[]): Term {
  const [a, b] = [text(scope, args, 0), text(scope, args, 1)];
  return scope.make(startsWith(a.type, b.type), [a, b], builtin.bool);
}

function nullTest(scope: Scope, args: readonly Bound[]): Term {
  const [left, right] = args;
  const [a, b] = [argument(scope, args, 0, right === undefined || right.kind === "untyped" ? builtin.text : right.type), argument(scope, args, 1, left === undefined || left.kind === "untyped" ? builtin.text : left.type)];
  if (commonType(a.type, b.type) === undefined) throw refuse("NULLIF needs values that can be compared");
  const type = comparedAs(a.type, b.type);
  const convert = implicit(a.type, type);
  if (convert === undefined) throw refuse("NULLIF of these types");
  return scope.makeCollated(nullIf(a.type, b.type, scope.collation([a, b]), convert), [a, b], type);
}

/** What NULLIF gives back is the left side of the comparison, which Postgres may have converted for it. */
function comparedAs(left: Type, right: Type): Type {
  if (left.kind === "bpchar" && isText(right)) return builtin.text;
  if (isInteger(left) && right.kind === "numeric") return builtin.numeric;
  return !isFloat(left) && isFloat(right) ? builtin.float8 : left;
}

function absolute(scope: Scope, args: readonly Bound[]): Term {
  const term = argument(scope, args, 0, builtin.float8);
  const found = unary("@", term.type);
  if (found === undefined) throw refuse("abs needs a number");
  return scope.make(found.operation, [term], found.type);
}

function lengthOf(scope: Scope, args: readonly Bound[]): Term {
  const dimension = argument(scope, args, 1, builtin.int4);
  if (dimension.type.kind !== "int2" && dimension.type.kind !== "int4") throw refuse("array_length needs an integer");
  return scope.make(arrayLength, [array(scope, args, 0), dimension], builtin.int4);
}

function zoned(scope: Scope, args: readonly Bound[]): Term {
  const [zone] = args;
  if (zone === undefined || zone.kind !== "untyped") throw refuse("a time zone must be a text literal");
  const at = argument(scope, args, 1, builtin.timestamptz);
  if (at.type.kind !== "timestamp" && at.type.kind !== "timestamptz") throw refuse("AT TIME ZONE needs a timestamp");
  const result = at.type.kind === "timestamp" ? builtin.timestamptz : builtin.timestamp;
  return scope.make(atZone(zone.text?.toUpperCase() === "UTC"), [scope.literal(zone.text, builtin.text), at], result);
}

/** Calls of the functions a clause may use. */
export function bindCall(scope: Scope, name: string, args: readonly Bound[]): Term {
  if (unstable.has(name)) throw refuse(`function ${name} changes from call to call and cannot be used in a where clause`);
  const found = functions.get(name);
  if (found === undefined) throw refuse(`function ${name} is not supported in a where clause`);
  const [bind, count] = found;
  if (count !== "any" && args.length !== count) throw refuse(`function ${name} takes ${count} argument${count === 1 ? "" : "s"}`);
  return bind(scope, args);
}
