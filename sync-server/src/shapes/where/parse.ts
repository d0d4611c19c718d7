import { invalidRequest } from "../refusal.ts";
import type { Expression } from "./expression.ts";
import { ClauseSyntaxError, Lexer, refuseSyntax, syntaxError } from "./lex.ts";
import { binaryStrength, comparisons, likeOperator, negate, strength } from "./operators.ts";
import { PrimaryReader, unsupported } from "./primary-reader.ts";

const charsMax = 64 * 1024;

/** An operator-precedence parser of Postgres' expression grammar, without subqueries, windows and aggregates. */
class Parser extends PrimaryReader {
  whole(): Expression {
    const expression = this.expression(0);
    if (this.peek().kind !== "end") throw syntaxError(this.peek().at);
    return expression;
  }

  protected override expression(least: number): Expression {
    const before = this.depth;
    this.deeper();
    let left = this.prefix();
    for (;;) {
      const next = this.#postfix(left, least) ?? this.#infix(left, least);
      if (next === undefined) break;
      // A chain of operators nests to the left: it counts as depth, except for AND and OR, which are flat.
      if (next.kind !== "logic") this.deeper();
      left = next;
    }
    this.depth = before;
    return left;
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
      return { kind: "call", name: "timezone", args: [this.expression(strength.zone + 1), left] };
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
    if (this.words("distinct", "from")) return wrap({ kind: "distinct", left, right: this.expression(strength.is + 1) });
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
      this.refuseSubquery();
      const right = this.expression(0);
      this.expect(")");
      return { kind: "quantified", op: token.text, all: quantifier === "all", left, right };
    }
    const right = this.expression(bound + 1);
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
    while (this.words(op)) operands.push(this.expression(bound + 1));
    return { kind: "logic", op, operands };
  }

  #test(word: string, left: Expression): Expression {
    switch (word) {
      case "in":
        this.expect("(");
        this.refuseSubquery();
        return { kind: "in", operand: left, items: this.list() };
      case "between":
        return this.#between(left);
      case "similar":
        throw unsupported("SIMILAR TO");
      default: {
        const pattern = this.expression(strength.like + 1);
        const escape = this.words("escape") ? this.expression(strength.like + 1) : undefined;
        return { kind: "like", insensitive: word === "ilike", operand: left, pattern, escape };
      }
    }
  }

  #between(value: Expression): Expression {
    const symmetric = this.words("symmetric");
    if (!symmetric) this.words("asymmetric");
    const low = this.expression(strength.like + 1);
    if (!this.words("and")) throw syntaxError(this.peek().at);
    const high = this.expression(strength.like + 1);
    const within = (from: Expression, to: Expression): Expression => ({
      kind: "logic",
      op: "and",
      operands: [{ kind: "binary", op: ">=", left: value, right: from }, { kind: "binary", op: "<=", left: value, right: to }],
    });
    return symmetric ? { kind: "logic", op: "or", operands: [within(low, high), within(high, low)] } : within(low, high);
  }
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
