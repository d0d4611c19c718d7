import type { Column, Table } from "../catalog/table.ts";
import { invalidRequest, type RequestRefused } from "../refusal.ts";
import type { BoundWhere, ComparisonClass, ComparisonOperator, Condition, Constant, Expression, Operand } from "./expression.ts";

interface TypeRule {
  readonly by: ComparisonClass;
  /** The type an untyped literal beside it takes. */
  readonly literalSql: string;
}

const typeRules: ReadonlyMap<string, TypeRule> = new Map<string, TypeRule>([
  ["text", { by: "text", literalSql: "text" }],
  ["varchar", { by: "text", literalSql: "text" }],
  ["bpchar", { by: "bpchar", literalSql: "bpchar" }],
  ["int2", { by: "decimal", literalSql: "int2" }],
  ["int4", { by: "decimal", literalSql: "int4" }],
  ["int8", { by: "decimal", literalSql: "int8" }],
  ["numeric", { by: "decimal", literalSql: "numeric" }],
  ["float4", { by: "float", literalSql: "float4" }],
  ["float8", { by: "float", literalSql: "float8" }],
  ["bool", { by: "bool", literalSql: "bool" }],
  ["uuid", { by: "uuid", literalSql: "uuid" }],
  ["date", { by: "instant", literalSql: "date" }],
  ["timestamp", { by: "instant", literalSql: "timestamp" }],
  ["timestamptz", { by: "instant", literalSql: "timestamptz" }],
]);

/** Names the parser may leave as written, by their name in the catalogue. */
const typeAliases: ReadonlyMap<string, string> = new Map([
  ["integer", "int4"], ["int", "int4"], ["smallint", "int2"], ["bigint", "int8"], ["boolean", "bool"], ["decimal", "numeric"],
  ["real", "float4"], ["double precision", "float8"], ["character varying", "varchar"],
  ["timestamp without time zone", "timestamp"], ["timestamp with time zone", "timestamptz"],
]);

/** Types whose text form compares like the value itself when cast to text. */
const exactAsText: ReadonlySet<string> = new Set(["text", "varchar", "int2", "int4", "int8", "uuid", "numeric", "date", "timestamp", "timestamptz"]);
const int64Max = (1n << 63n) - 1n;

interface TypedColumn {
  readonly operand: Operand;
  readonly by: ComparisonClass;
  readonly literalSql: string;
  readonly typeName: string;
  readonly ordered: boolean;
}

function refuse(reason: string): RequestRefused {
  return invalidRequest("where", reason);
}

function typeOfColumn(column: Column): TypeRule {
  if (column.dims === 0 && column.typeKind === "enum") return { by: "enum", literalSql: column.typeSql };
  const rule = column.dims === 0 && column.typeKind === "base" ? typeRules.get(column.typeName) : undefined;
  if (rule === undefined) throw refuse(`values of column ${column.name} (${column.typeName}) cannot be compared in a where clause`);
  return rule;
}

/** What the bound clause is for. */
export interface BindOptions {
  /** Default true: the clause is also evaluated on changes, exactly. False: only Postgres ever evaluates it (subset snapshots). */
  readonly evaluated?: boolean;
}

class Binder {
  readonly #table: Table;
  readonly #evaluated: boolean;
  readonly constants: Constant[] = [];

  constructor(table: Table, evaluated: boolean) {
    this.#table = table;
    this.#evaluated = evaluated;
  }

  condition(expression: Expression): Condition {
    switch (expression.kind) {
      case "boolean":
        return { kind: "truth", value: expression.value };
      case "null":
        return { kind: "truth", value: null };
      case "logic":
        return { kind: expression.op, left: this.condition(expression.left), right: this.condition(expression.right) };
      case "not":
        return { kind: "not", operand: this.condition(expression.operand) };
      case "is": {
        if (expression.test !== "null") return { kind: "isTruth", value: expression.test === "true", operand: this.condition(expression.operand) };
        if (expression.operand.kind !== "column") throw refuse("IS NULL is supported on columns only");
        const { index, column } = this.#column(expression.operand.name);
        if (column.typeKind === "composite") throw refuse("IS NULL is not supported on composite columns");
        return { kind: "isNull", index };
      }
      case "column": {
        const { index, column } = this.#column(expression.name);
        if (typeOfColumn(column).by !== "bool") throw refuse(`column ${column.name} is not boolean`);
        return { kind: "flag", index };
      }
      case "compare":
        return this.#compare(expression.op, expression.left, expression.right);
      case "in": {
        const typed = this.#typed(expression.operand);
        if (typed === undefined) throw refuse("IN needs a column on its left");
        return { kind: "in", by: typed.by, operand: typed.operand, list: expression.list.map((item) => this.#against(typed, item)) };
      }
      case "literal":
      case "cast":
        throw refuse("argument of WHERE must be boolean");
    }
  }

  #column(name: string): { readonly index: number; readonly column: Column } {
    const index = this.#table.columns.findIndex((candidate) => candidate.name === name);
    const column = this.#table.columns[index];
    if (column === undefined) throw refuse(`unknown reference ${name}`);
    return { index, column };
  }

  /** The column (possibly cast to text) an expression stands for, else `undefined`. */
  #typed(expression: Expression): TypedColumn | undefined {
    const asText = expression.kind === "cast" && expression.operand.kind === "column";
    const reference = asText ? expression.operand : expression;
    if (reference.kind !== "column") return undefined;
    const { index, column } = this.#column(reference.name);
    const rule = typeOfColumn(column);
    if (asText) {
      const castable = expression.type === "text" && (rule.by === "enum" || exactAsText.has(column.typeName));
      if (!castable) throw refuse(`casting column ${column.name} to ${expression.type} is not supported`);
      return { operand: { kind: "column", index, single: false, asText: true }, by: "text", literalSql: "text", typeName: "text", ordered: false };
    }
    if ((rule.by === "text" || rule.by === "bpchar") && !column.collationDeterministic && this.#evaluated) throw refuse(`the collation of column ${column.name} is not deterministic`);
    const ordered = !this.#evaluated || (rule.by === "text" ? column.collationBytewise : rule.by !== "enum" && rule.by !== "bpchar");
    return { operand: { kind: "column", index, single: column.typeName === "float4", asText: false }, by: rule.by, literalSql: rule.literalSql, typeName: column.typeName, ordered };
  }

  #constant(text: string | null, typeSql: string): Operand {
    this.constants.push({ text, typeSql });
    return { kind: "constant", slot: this.constants.length - 1 };
  }

  #against(column: TypedColumn, expression: Expression): Operand {
    switch (expression.kind) {
      case "null":
        return this.#constant(null, column.literalSql);
      case "boolean":
        if (column.by !== "bool") throw refuse("operator does not exist for boolean and this column");
        return this.#constant(expression.value ? "t" : "f", "bool");
      case "literal":
        return expression.numeric ? this.#numeric(column, expression.text) : this.#constant(expression.text, column.literalSql);
      case "cast": {
        if (expression.operand.kind !== "literal") throw refuse("only literals can be cast");
        const name = typeAliases.get(expression.type) ?? expression.type;
        const rule = typeRules.get(name);
        if (rule === undefined || rule.by !== column.by || (rule.by === "instant" && name !== column.typeName)) {
          throw refuse(`a value of type ${expression.type} cannot be compared with this column`);
        }
        return this.#constant(expression.operand.text, rule.literalSql);
      }
      default:
        throw refuse("a column can only be compared with a literal, a parameter or a column");
    }
  }

  #numeric(column: TypedColumn, text: string): Operand {
    if (column.by === "float") return this.#constant(text, "float8");
    if (column.by !== "decimal") throw refuse("operator does not exist for a number and this column");
    const integral = !text.includes(".") && BigInt(text) <= int64Max && BigInt(text) >= -int64Max;
    return this.#constant(text, integral && column.typeName !== "numeric" ? "int8" : "numeric");
  }

  #compare(op: ComparisonOperator, leftExpression: Expression, rightExpression: Expression): Condition {
    const left = this.#typed(leftExpression);
    const right = this.#typed(rightExpression);
    const column = left ?? right;
    if (column === undefined) throw refuse("a comparison needs a column");
    if (left !== undefined && right !== undefined && left.typeName !== right.typeName) throw refuse("columns of different types cannot be compared");
    const ordering = op !== "=" && op !== "!=";
    if (ordering && ![left, right].every((side) => side === undefined || side.ordered)) throw refuse(`${op} depends on the column's collation and is not supported`);
    return {
      kind: "compare",
      op,
      by: column.by,
      left: left?.operand ?? this.#against(column, leftExpression),
      right: right?.operand ?? this.#against(column, rightExpression),
    };
  }
}

/** Binds a parsed predicate to a table's columns; throws `RequestRefused` (400) when types do not fit or exactness is lost. */
export function bindWhere(expression: Expression, table: Table, options: BindOptions = {}): BoundWhere {
  const binder = new Binder(table, options.evaluated ?? true);
  const condition = binder.condition(expression);
  return { condition, constants: binder.constants };
}
