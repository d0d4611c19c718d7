import { parse, type Expr, type ExprBinary, type ExprUnary, type Statement } from "pgsql-ast-parser";
import { invalidRequest, type RequestRefused } from "../refusal.ts";
import type { ComparisonOperator, Expression } from "./expression.ts";

const comparisonOperators: ReadonlyMap<string, ComparisonOperator> = new Map([
  ["=", "="], ["!=", "!="], ["<", "<"], ["<=", "<="], [">", ">"], [">=", ">="],
]);

const depthMax = 200;

function unsupported(what: string): RequestRefused {
  return invalidRequest("where", `${what} is not supported in a where clause`);
}

const negate = (operand: Expression): Expression => ({ kind: "not", operand });

/** Translates the parser's tree, substituting `$n`; every form that is not understood exactly is refused. */
class Translator {
  readonly #source: string;
  readonly #params: readonly string[];

  constructor(source: string, params: readonly string[]) {
    this.#source = source;
    this.#params = params;
  }

  expression(node: Expr, depth: number): Expression {
    if (depth > depthMax) throw invalidRequest("where", "is nested too deeply");
    switch (node.type) {
      case "ref":
        if (node.table !== undefined || node.name === "*") throw unsupported("A qualified column name");
        return { kind: "column", name: node.name };
      case "parameter":
        return this.#parameter(node.name);
      case "string":
        return { kind: "literal", text: node.value, numeric: false };
      case "integer":
      case "numeric":
        return this.#number(node);
      case "boolean":
        return { kind: "boolean", value: node.value };
      case "null":
        return { kind: "null" };
      case "cast": {
        const { to, operand } = node;
        if (to.kind === "array" || !("name" in to) || (to.config?.length ?? 0) > 0) throw unsupported("This cast");
        const type = to.schema === undefined ? to.name : `${to.schema}.${to.name}`;
        return { kind: "cast", operand: this.expression(operand, depth + 1), type };
      }
      case "unary":
        return this.#unary(node, depth);
      case "binary":
        return this.#binary(node, depth);
      case "ternary": {
        const value = this.expression(node.value, depth + 1);
        const left: Expression = { kind: "compare", op: ">=", left: value, right: this.expression(node.lo, depth + 1) };
        const right: Expression = { kind: "compare", op: "<=", left: value, right: this.expression(node.hi, depth + 1) };
        const between: Expression = { kind: "logic", op: "and", left, right };
        return node.op === "BETWEEN" ? between : negate(between);
      }
      default:
        throw unsupported(`"${node.type}"`);
    }
  }

  #parameter(name: string): Expression {
    const value = /^\$\d+$/.test(name) ? this.#params[Number(name.slice(1)) - 1] : undefined;
    if (value === undefined) throw invalidRequest("where", `parameter ${name} was not provided`);
    return { kind: "literal", text: value, numeric: false };
  }

  /** Numbers are taken from the source text, because the parser rounds them to a double. */
  #number(node: Expr): Expression {
    const location = node._location;
    const text = location === undefined ? "" : this.#source.slice(location.start, location.end).replaceAll(/\s/g, "");
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw unsupported("This form of a number");
    return { kind: "literal", text, numeric: true };
  }

  #unary(node: ExprUnary, depth: number): Expression {
    if (node.op === "-" || node.op === "+") {
      const operand = this.expression(node.operand, depth + 1);
      if (operand.kind !== "literal" || !operand.numeric) throw unsupported("Arithmetic");
      if (node.op === "+") return operand;
      return { ...operand, text: operand.text.startsWith("-") ? operand.text.slice(1) : `-${operand.text}` };
    }
    const operand = this.expression(node.operand, depth + 1);
    switch (node.op) {
      case "NOT":
        return negate(operand);
      case "IS NULL":
        return { kind: "is", test: "null", operand };
      case "IS NOT NULL":
        return negate({ kind: "is", test: "null", operand });
      case "IS TRUE":
        return { kind: "is", test: "true", operand };
      case "IS NOT TRUE":
        return negate({ kind: "is", test: "true", operand });
      case "IS FALSE":
        return { kind: "is", test: "false", operand };
      case "IS NOT FALSE":
        return negate({ kind: "is", test: "false", operand });
    }
  }

  #binary(node: ExprBinary, depth: number): Expression {
    if (node.opSchema !== undefined) throw unsupported("A qualified operator");
    const left = this.expression(node.left, depth + 1);
    if (node.op === "IN" || node.op === "NOT IN") {
      // The parser leaves the parentheses of a list of one out; a subquery is refused as an expression.
      const items = node.right.type === "list" ? node.right.expressions : [node.right];
      const inList: Expression = { kind: "in", operand: left, list: items.map((item) => this.expression(item, depth + 1)) };
      return node.op === "IN" ? inList : negate(inList);
    }
    const right = this.expression(node.right, depth + 1);
    if (node.op === "AND") return { kind: "logic", op: "and", left, right };
    if (node.op === "OR") return { kind: "logic", op: "or", left, right };
    const op = comparisonOperators.get(node.op);
    if (op === undefined) throw unsupported(`The operator ${node.op}`);
    return { kind: "compare", op, left, right };
  }
}

/** The clause is parsed as part of a statement, because only statements carry source positions. */
const clausePrefix = "SELECT FROM t WHERE\n";
const clauseParts: ReadonlySet<string> = new Set(["type", "from", "columns", "where", "_location"]);

function parseClause(source: string): Expr {
  let statements: Statement[];
  try {
    statements = parse(clausePrefix + source, { locationTracking: true });
  } catch {
    throw invalidRequest("where", "could not be parsed");
  }
  const [statement, ...others] = statements;
  const whole = statement?.type === "select" && others.length === 0 && Object.keys(statement).every((part) => clauseParts.has(part));
  if (!whole || statement.where == null) throw invalidRequest("where", "must be one expression");
  return statement.where;
}

/**
 * Parses a where clause; `params` are the texts of `$1`, `$2` ….
 * Throws `RequestRefused` (400) on a syntax error and on whatever cannot be evaluated exactly.
 */
export function parseWhere(source: string, params: readonly string[]): Expression {
  return new Translator(clausePrefix + source, params).expression(parseClause(source), 0);
}
