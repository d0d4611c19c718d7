/** Comparison operators of the grammar. */
export type ComparisonOperator = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** A type as named in a cast: `int[]`, `numeric(10,2)`, `"public"."colour"`. */
export interface TypeName {
  readonly schema: string | undefined;
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly array: boolean;
}

/** A predicate as written; names and literals are still untyped. */
export type Expression =
  | { readonly kind: "column"; readonly path: readonly string[] }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "array"; readonly items: readonly Expression[] }
  | { readonly kind: "row"; readonly items: readonly Expression[] }
  | { readonly kind: "cast"; readonly operand: Expression; readonly type: TypeName }
  | { readonly kind: "collate"; readonly operand: Expression; readonly collation: string }
  | { readonly kind: "logic"; readonly op: "and" | "or"; readonly operands: readonly Expression[] }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "is"; readonly test: "null" | "true" | "false" | "unknown"; readonly operand: Expression }
  | { readonly kind: "distinct"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "in"; readonly operand: Expression; readonly items: readonly Expression[] }
  | { readonly kind: "quantified"; readonly op: string; readonly all: boolean; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "like"; readonly insensitive: boolean; readonly operand: Expression; readonly pattern: Expression; readonly escape: Expression | undefined }
  | { readonly kind: "prefix"; readonly op: string; readonly operand: Expression }
  | { readonly kind: "binary"; readonly op: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "case"; readonly branches: readonly { readonly test: Expression; readonly result: Expression }[]; readonly otherwise: Expression | undefined }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] };
