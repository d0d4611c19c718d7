/** Comparison operators of the grammar. */
export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** A predicate as written, names and literals still untyped. */
export type Expression =
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "literal"; readonly text: string; readonly numeric: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "cast"; readonly operand: Expression; readonly type: string }
  | { readonly kind: "logic"; readonly op: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "is"; readonly test: "null" | "true" | "false"; readonly operand: Expression }
  | { readonly kind: "compare"; readonly op: ComparisonOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "in"; readonly operand: Expression; readonly list: readonly Expression[] };

/** How two values are compared; each class has one exact rule. */
export type ComparisonClass = "text" | "bpchar" | "decimal" | "float" | "bool" | "uuid" | "instant" | "enum";

/** A typed side of a comparison. */
export type Operand =
  | { readonly kind: "column"; readonly index: number; readonly single: boolean; readonly asText: boolean }
  | { readonly kind: "constant"; readonly slot: number };

/** A constant: its text as given, and the SQL type Postgres reads it as (`text` is taken as it is). */
export interface Constant {
  readonly text: string | null;
  readonly typeSql: string;
}

/** A predicate bound to a table's columns. */
export type Condition =
  | { readonly kind: "truth"; readonly value: boolean | null }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly operand: Condition }
  | { readonly kind: "isNull"; readonly index: number }
  | { readonly kind: "isTruth"; readonly value: boolean; readonly operand: Condition }
  | { readonly kind: "flag"; readonly index: number }
  | { readonly kind: "compare"; readonly op: ComparisonOperator; readonly by: ComparisonClass; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "in"; readonly by: ComparisonClass; readonly operand: Operand; readonly list: readonly Operand[] };

/** A bound predicate and the constants its slots point to. */
export interface BoundWhere {
  readonly condition: Condition;
  readonly constants: readonly Constant[];
}
