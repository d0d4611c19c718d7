import { invalidRequest, type RequestRefused } from "../refusal.ts";
import type { Expression } from "./expression.ts";
import { ClauseSyntaxError, Lexer, refuseSyntax, syntaxError, type Token } from "./lex.ts";
import { reservedWords, specialForms } from "./reserved.ts";
import { TypeReader } from "./type-reader.ts";

const charsMax = 64 * 1024;
const depthMax = 200;

/** Binding strengths, weakest first (Postgres' manual, 4.1.6 Operator Precedence). */
const strength = { or: 1, and: 2, not: 3, is: 4, comparison: 5, like: 6, other: 7, add: 8, multiply: 9, power: 10, zone: 11, collate: 12, sign: 13, cast: 15 } as const;

const binaryStrength: ReadonlyMap<string, number> = new Map([
  ...["=", "<>", "<", "<=", ">", ">="].map((op) => [op, strength.comparison] as const),
  ...["+", "-"].map((op) => [op, strength.add] as const),
  ...["*", "/", "%"].map((op) => [op, strength.multiply] as const),
  ["^", strength.power],
  ...["||", "&", "|", "#", "<<", ">>", "@>", "<@", "&&", "~~", "!~~", "~~*", "!~~*"].map((op) => [op, strength.other] as const),
]);
const prefixOperators: ReadonlySet<string> = new Set(["~", "@", "|/", "||/"]);
const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);

const unsupported = (what: string): RequestRefused => invalidRequest("where", `${what} is not supported in a where clause`);
const subquery = (): RequestRefused => invalidRequest("where", "Subqueries are not supported in where clauses");
const negate = (operand: Expression): Expression => ({ kind: "not", operand });

const typedLiterals: ReadonlySet<string> = new Set(["date", "time", "timestamp", "interval", "uuid", "text", "bool", "boolean", "numeric", "timestamptz", "int", "integer", "bigint", "smallint", "int2", "int4", "int8", "float4", "float8", "real", "bytea", "varchar"]);

/** An operator-precedence parser of Postgres' expression grammar, without subqueries, windows and aggregates. */
class Parser extends TypeReader {
  readonly #params: ReadonlyMap<number, string>;
  #depth = 0;

  constructor(tokens: readonly Token[], params: ReadonlyMap<number, string>) {
    super(tokens);
    this.#params = params;
  }

  whole(): Expression {
    const expression = this.#expression(0);
    if (this.peek().kind !== "end") throw syntaxError(this.peek().at);
    return expression;
  }

  /** Parses what binds at least as strongly as `least`. */
  #expression(least: number): Expression {
    this.#depth += 1;
    const before = this.#depth;
    if (this.#depth > depthMax) throw invalidRequest("where", "is nested too deeply");
    let left = this.#prefix();
    for (;;) {
      const next = this.#postfix(left, least) ?? this.#infix(left, least);
      if (next === undefined) break;
      // A chain of operators nests to the left: it counts as depth, except for AND and OR, which are flat.
      if (next.kind !== "logic") this.#depth += 1;
      if (this.#depth > depthMax) throw invalidRequest("where", "is nested too deeply");
      left = next;
    }
    this.#depth = before - 1;
    return left;
  }

  #prefix(): Expression {
    const token = this.peek();
    this.at += 1;
    switch (token.kind) {
      case "string":
        return { kind: "string", text: token.text };
      case "number":
        return { kind: "number", text: token.text };
      case "param": {
        const value = this.#params.get(token.number);
        if (value === undefined) throw invalidRequest("where", `parameter $${token.number} was not provided`);
        return { kind: "string", text: value };
      }
      case "op":
        return this.#prefixOperator(token.text, token.at);
      case "quoted":
        return this.#name(token.text, true, token.at);
      case "word":
        return this.#keyword(token.text, token.at) ?? this.#name(token.text, false, token.at);
      case "end":
        throw syntaxError(token.at);
    }
  }

  #prefixOperator(op: string, at: number): Expression {
    if (op === "(") return this.#parenthesis();
    if (op === "-" || op === "+") {
      const next = this.peek();
      if (op === "-" && next.kind === "number" && !this.isOp("::", 1)) {
        this.at += 1;
        return { kind: "number", text: `-${next.text}` };
      }
      return { kind: "prefix", op, operand: this.#expression(strength.sign) };
    }
    if (prefixOperators.has(op)) return { kind: "prefix", op, operand: this.#expression(strength.other + 1) };
    if (/^[~!@#%^&|`?*/<>=+-]+$/.test(op) && !binaryStrength.has(op)) throw unsupported(`The operator ${op}`);
    throw syntaxError(at);
  }

  #parenthesis(): Expression {
    this.#refuseSubquery();
    const items = this.#list();
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: "row", items };
  }

  #refuseSubquery(): void {
    if (["select", "values", "with", "table"].some((word) => this.isWord(word))) throw subquery();
  }

  /** `a, b)` after an opening parenthesis. */
  #list(): Expression[] {
    const items = [this.#expression(0)];
    while (this.op(",")) items.push(this.#expression(0));
    this.expect(")");
    return items;
  }

  #keyword(word: string, at: number): Expression | undefined {
    switch (word) {
      case "true":
      case "false":
        return { kind: "boolean", value: word === "true" };
      case "null":
        return { kind: "null" };
      case "not":
        return negate(this.#expression(strength.not));
      case "array":
        return this.#array();
      case "case":
        return this.#case();
      case "cast":
        return this.#cast();
      case "exists":
        if (this.isOp("(")) throw subquery();
        return undefined;
      case "row":
        if (!this.op("(")) return undefined;
        return { kind: "row", items: this.op(")") ? [] : this.#list() };
      case "current_date":
      case "current_timestamp":
      case "current_time":
      case "localtime":
      case "localtimestamp":
        throw invalidRequest("where", `${word} changes with time and cannot be used in a where clause`);
      default:
        return this.#typedLiteral(word, at);
    }
  }

  /** `date '2024-01-01'`, `timestamp with time zone '…'`. */
  #typedLiteral(word: string, at: number): Expression | undefined {
    if (word !== "double" && word !== "character" && !typedLiterals.has(word)) return undefined;
    const start = this.at;
    this.at = start - 1;
    const type = word === "interval" || this.peek(1).kind === "string" || ["with", "without", "precision", "varying"].some((next) => this.isWord(next, 1)) || this.isOp("(", 1) ? this.tryTypeName() : undefined;
    const token = this.peek();
    if (type === undefined || token.kind !== "string") {
      this.at = start;
      return undefined;
    }
    if (type.array) throw syntaxError(at);
    this.at += 1;
    return { kind: "cast", operand: { kind: "string", text: token.text }, type };
  }

  #array(): Expression {
    if (this.isOp("(")) {
      this.at += 1;
      this.#refuseSubquery();
      throw syntaxError(this.peek().at);
    }
    this.expect("[");
    const items: Expression[] = [];
    if (this.op("]")) return { kind: "array", items };
    do items.push(this.op("[") ? this.#nestedArray() : this.#expression(0));
    while (this.op(","));
    this.expect("]");
    return { kind: "array", items };
  }

  #nestedArray(): Expression {
    this.at -= 1;
    this.#depth += 1;
    if (this.#depth > depthMax) throw invalidRequest("where", "is nested too deeply");
    const nested = this.#array();
    this.#depth -= 1;
    return nested;
  }

  #case(): Expression {
    const subject = this.isWord("when") ? undefined : this.#expression(0);
    const branches: { test: Expression; result: Expression }[] = [];
    while (this.words("when")) {
      const when = this.#expression(0);
      if (!this.words("then")) throw syntaxError(this.peek().at);
      branches.push({ test: subject === undefined ? when : { kind: "binary", op: "=", left: subject, right: when }, result: this.#expression(0) });
    }
    const otherwise = this.words("else") ? this.#expression(0) : undefined;
    if (branches.length === 0 || !this.words("end")) throw syntaxError(this.peek().at);
    return { kind: "case", branches, otherwise };
  }

  #cast(): Expression {
    this.expect("(");
    const operand = this.#expression(0);
    if (!this.words("as")) throw syntaxError(this.peek().at);
    const type = this.typeName();
    this.expect(")");
    return { kind: "cast", operand, type };
  }

  /** A column reference or a call. */
  #name(first: string, quoted: boolean, at: number): Expression {
    if (this.isOp("(") && (quoted || !reservedWords.has(first) || first === "left" || first === "right" || first === "like" || first === "ilike")) return this.#call(first, quoted);
    if (!quoted && reservedWords.has(first)) throw syntaxError(at);
    const path = [first];
    while (this.op(".")) {
      const token = this.peek();
      if (token.kind !== "word" && token.kind !== "quoted") throw syntaxError(token.at);
      this.at += 1;
      path.push(token.text);
    }
    if (path.length > 1 && this.isOp("(")) return this.#qualifiedCall(path);
    return { kind: "column", path };
  }

  #qualifiedCall(path: readonly string[]): Expression {
    const [schema, name] = path;
    if (schema !== "pg_catalog" || name === undefined || path.length !== 2) throw unsupported(`function ${path.join(".")}`);
    return this.#call(name, true);
  }

  #call(name: string, quoted: boolean): Expression {
    const special = !quoted && specialForms.has(name) && !["coalesce", "greatest", "least", "nullif"].includes(name);
    if (special) throw unsupported(`${name}(…)`);
    this.expect("(");
    this.#refuseSubquery();
    if (this.isOp("*") || this.isWord("distinct") || this.isWord("variadic") || this.isWord("all")) throw unsupported(`This form of calling ${name}`);
    const args = this.op(")") ? [] : this.#list();
    for (const word of ["over", "filter", "within"]) if (this.isWord(word)) throw unsupported(word.toUpperCase());
    return { kind: "call", name, args };
  }

  #postfix(left: Expression, least: number): Expression | undefined {
    if (this.isOp("::") && strength.cast >= least) {
      this.at += 1;
      return { kind: "cast", operand: left, type: this.typeName() };
    }
    if (this.isOp("[")) throw unsupported("An array subscript");
    if (this.isWord("collate") && strength.collate >= least) {
      this.at += 1;
      return { kind: "collate", operand: left, collation: this.#collationName() };
    }
    if (this.isWord("at") && strength.zone >= least && this.isWord("time", 1)) {
      if (!this.words("at", "time", "zone")) throw syntaxError(this.peek().at);
      return { kind: "call", name: "timezone", args: [this.#expression(strength.zone + 1), left] };
    }
    if (strength.is < least) return undefined;
    if (this.words("isnull")) return { kind: "is", test: "null", operand: left };
    if (this.words("notnull")) return negate({ kind: "is", test: "null", operand: left });
    return this.words("is") ? this.#is(left) : undefined;
  }

  #collationName(): string {
    const names: string[] = [];
    do {
      const token = this.peek();
      if (token.kind !== "word" && token.kind !== "quoted") throw syntaxError(token.at);
      this.at += 1;
      names.push(token.text);
    } while (this.op("."));
    if (names.length === 1 || (names.length === 2 && names[0] === "pg_catalog")) return names.at(-1) ?? "";
    throw unsupported(`The collation ${names.join(".")}`);
  }

  #is(left: Expression): Expression {
    const negated = this.words("not");
    const wrap = (expression: Expression): Expression => (negated ? negate(expression) : expression);
    for (const test of ["null", "true", "false", "unknown"] as const) if (this.words(test)) return wrap({ kind: "is", test, operand: left });
    if (this.words("distinct", "from")) return wrap({ kind: "distinct", left, right: this.#expression(strength.is + 1) });
    throw syntaxError(this.peek().at);
  }

  #infix(left: Expression, least: number): Expression | undefined {
    const token = this.peek();
    if (token.kind === "word") return this.#infixWord(left, least);
    if (token.kind !== "op") return undefined;
    const bound = binaryStrength.get(token.text);
    if (bound === undefined) {
      if (")],;.:[(::".includes(token.text)) return undefined;
      throw unsupported(`The operator ${token.text}`);
    }
    if (bound < least) return undefined;
    this.at += 1;
    const quantifier = ["any", "some", "all"].find((word) => this.isWord(word) && this.isOp("(", 1));
    if (quantifier !== undefined) {
      this.at += 2;
      this.#refuseSubquery();
      const right = this.#expression(0);
      this.expect(")");
      return { kind: "quantified", op: token.text, all: quantifier === "all", left, right };
    }
    const right = this.#expression(bound + 1);
    if (bound === strength.comparison) this.#refuseChain(comparisons);
    return likeOperator(token.text, left, right) ?? { kind: "binary", op: token.text, left, right };
  }

  /** Comparisons do not associate: `a < b < c` is an error. */
  #refuseChain(operators: ReadonlySet<string>): void {
    const token = this.peek();
    if (token.kind === "op" && operators.has(token.text)) throw syntaxError(token.at);
  }

  #infixWord(left: Expression, least: number): Expression | undefined {
    if (strength.and >= least && this.isWord("and")) return this.#logic("and", left, strength.and);
    if (strength.or >= least && this.isWord("or")) return this.#logic("or", left, strength.or);
    if (strength.like < least) return undefined;
    const negated = this.isWord("not");
    const word = this.peek(negated ? 1 : 0);
    if (word.kind !== "word" || !["in", "like", "ilike", "between", "similar"].includes(word.text)) return undefined;
    this.at += negated ? 2 : 1;
    const test = this.#test(word.text, left);
    const next = this.peek();
    if (next.kind === "word" && ["in", "like", "ilike", "between"].includes(next.text)) throw syntaxError(next.at);
    return negated ? negate(test) : test;
  }

  /** AND and OR are kept flat: `a AND b AND c` has three operands. */
  #logic(op: "and" | "or", first: Expression, bound: number): Expression {
    const operands = first.kind === "logic" && first.op === op ? [...first.operands] : [first];
    while (this.words(op)) operands.push(this.#expression(bound + 1));
    return { kind: "logic", op, operands };
  }

  #test(word: string, left: Expression): Expression {
    switch (word) {
      case "in":
        this.expect("(");
        this.#refuseSubquery();
        return { kind: "in", operand: left, items: this.#list() };
      case "between":
        return this.#between(left);
      case "similar":
        throw unsupported("SIMILAR TO");
      default: {
        const pattern = this.#expression(strength.like + 1);
        const escape = this.words("escape") ? this.#expression(strength.like + 1) : undefined;
        return { kind: "like", insensitive: word === "ilike", operand: left, pattern, escape };
      }
    }
  }

  #between(value: Expression): Expression {
    const symmetric = this.words("symmetric");
    if (!symmetric) this.words("asymmetric");
    const low = this.#expression(strength.like + 1);
    if (!this.words("and")) throw syntaxError(this.peek().at);
    const high = this.#expression(strength.like + 1);
    const within = (from: Expression, to: Expression): Expression => ({
      kind: "logic",
      op: "and",
      operands: [{ kind: "binary", op: ">=", left: value, right: from }, { kind: "binary", op: "<=", left: value, right: to }],
    });
    return symmetric ? { kind: "logic", op: "or", operands: [within(low, high), within(high, low)] } : within(low, high);
  }
}

function likeOperator(op: string, operand: Expression, pattern: Expression): Expression | undefined {
  if (!["~~", "!~~", "~~*", "!~~*"].includes(op)) return undefined;
  const like: Expression = { kind: "like", insensitive: op.endsWith("*"), operand, pattern, escape: undefined };
  return op.startsWith("!") ? negate(like) : like;
}

/** Values of `$1`, `$2` …: all of them by position, or some by number. */
export type ClauseParams = readonly string[] | ReadonlyMap<number, string>;

/**
 * Parses a where clause. Throws `RequestRefused` (400) on a syntax error, on subqueries, and on parameters that were not given.
 * An operator-precedence parser (Pratt, 1973) of our own, because no parser at hand reads all of this grammar, in time linear in the text.
 */
export function parseWhere(source: string, params: ClauseParams): Expression {
  if (source.length > charsMax) throw invalidRequest("where", "is too long");
  const byNumber = params instanceof Map ? params : new Map([...params.values()].map((value, index) => [index + 1, value]));
  try {
    return new Parser(new Lexer(source).tokens(), byNumber).whole();
  } catch (error) {
    throw error instanceof ClauseSyntaxError ? refuseSyntax(source, error) : error;
  }
}
