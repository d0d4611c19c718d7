import { invalidRequest, type RequestRefused } from "../refusal.ts";
import type { Expression } from "./expression.ts";
import { syntaxError, type Token } from "./lex.ts";
import { binaryStrength, negate, prefixOperators, strength } from "./operators.ts";
import { reservedWords, specialForms } from "./reserved.ts";
import { TypeReader } from "./type-reader.ts";

const depthMax = 200;

/** The refusal of something of Postgres' grammar that is not taken here. */
export const unsupported = (what: string): RequestRefused => invalidRequest("where", `${what} is not supported in a where clause`);
const subquery = (): RequestRefused => invalidRequest("where", "Subqueries are not supported in where clauses");

const typedLiterals: ReadonlySet<string> = new Set(["date", "time", "timestamp", "interval", "uuid", "text", "bool", "boolean", "numeric", "timestamptz", "int", "integer", "bigint", "smallint", "int2", "int4", "int8", "float4", "float8", "real", "bytea", "varchar"]);

/** Reads what operators stand between: constants, names, calls, arrays, CASE, CAST and what is in parentheses. */
export abstract class PrimaryReader extends TypeReader {
  readonly #params: ReadonlyMap<number, string>;
  protected depth = 0;

  constructor(tokens: readonly Token[], params: ReadonlyMap<number, string>) {
    super(tokens);
    this.#params = params;
  }

  /** Parses what binds at least as strongly as `least`. */
  protected abstract expression(least: number): Expression;

  /** Goes one level deeper; throws `RequestRefused` (400) when that is too deep. */
  protected deeper(): void {
    this.depth += 1;
    if (this.depth > depthMax) throw invalidRequest("where", "is nested too deeply");
  }

  /** What an expression begins with: a constant, a name, a call, or an operator before its operand. */
  protected prefix(): Expression {
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
      return { kind: "prefix", op, operand: this.expression(strength.sign) };
    }
    if (prefixOperators.has(op)) return { kind: "prefix", op, operand: this.expression(strength.other + 1) };
    if (/^[~!@#%^&|`?*/<>=+-]+$/.test(op) && !binaryStrength.has(op)) throw unsupported(`The operator ${op}`);
    throw syntaxError(at);
  }

  #parenthesis(): Expression {
    this.refuseSubquery();
    const items = this.list();
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: "row", items };
  }

  protected refuseSubquery(): void {
    if (["select", "values", "with", "table"].some((word) => this.isWord(word))) throw subquery();
  }

  /** `a, b)` after an opening parenthesis. */
  protected list(): Expression[] {
    const items = [this.expression(0)];
    while (this.op(",")) items.push(this.expression(0));
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
        return negate(this.expression(strength.not));
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
        return { kind: "row", items: this.op(")") ? [] : this.list() };
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
      this.refuseSubquery();
      throw syntaxError(this.peek().at);
    }
    this.expect("[");
    const items: Expression[] = [];
    if (this.op("]")) return { kind: "array", items };
    do items.push(this.op("[") ? this.#nestedArray() : this.expression(0));
    while (this.op(","));
    this.expect("]");
    return { kind: "array", items };
  }

  #nestedArray(): Expression {
    this.at -= 1;
    this.deeper();
    const nested = this.#array();
    this.depth -= 1;
    return nested;
  }

  #case(): Expression {
    const subject = this.isWord("when") ? undefined : this.expression(0);
    const branches: { test: Expression; result: Expression }[] = [];
    while (this.words("when")) {
      const when = this.expression(0);
      if (!this.words("then")) throw syntaxError(this.peek().at);
      branches.push({ test: subject === undefined ? when : { kind: "binary", op: "=", left: subject, right: when }, result: this.expression(0) });
    }
    const otherwise = this.words("else") ? this.expression(0) : undefined;
    if (branches.length === 0 || !this.words("end")) throw syntaxError(this.peek().at);
    return { kind: "case", branches, otherwise };
  }

  #cast(): Expression {
    this.expect("(");
    const operand = this.expression(0);
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
    this.refuseSubquery();
    if (this.isOp("*") || this.isWord("distinct") || this.isWord("variadic") || this.isWord("all")) throw unsupported(`This form of calling ${name}`);
    const args = this.op(")") ? [] : this.list();
    for (const word of ["over", "filter", "within"]) if (this.isWord(word)) throw unsupported(word.toUpperCase());
    return { kind: "call", name, args };
  }
}
