import type { Row } from "./row.ts";
import type { Type } from "./types.ts";
import type { Value } from "./values/value.ts";

/** How texts of an expression compare and change case. */
export interface Collation {
  /** As SQL text; `undefined` when two different ones meet, which Postgres refuses to compare by. */
  readonly name: string | undefined;
  /** Equality is equality of bytes. */
  readonly deterministic: boolean;
  /** Order is the order of UTF-8 bytes. */
  readonly bytewise: boolean;
  /** The collation as SQL text, when changing case there is a matter of single characters; else `undefined`. */
  readonly caseSql: string | undefined;
  /** Set when the clause names the collation: then SQL text names it too. */
  readonly explicitSql?: string;
}

/** Computes a value from a row. */
export type Evaluator = (row: Row) => Value;

/** An argument when a predicate is compiled. */
export interface Operand {
  readonly read: Evaluator;
  /** Its value when it is the same for all rows. */
  readonly constant: Value | undefined;
  /** Index of the column whose text it is, when it is a column as it stands. */
  readonly column: number | undefined;
}

/** One operation of the grammar, for given types of arguments: what it is in SQL and what it does here. Never fails: where Postgres would, both give NULL. */
export interface Operation {
  /** As SQL text; the arguments are finished, parenthesised SQL. */
  readonly sql: (args: readonly string[]) => string;
  /** How changes are evaluated; a text says why they cannot be. */
  readonly build: ((args: readonly Operand[], support: readonly Operand[]) => Evaluator) | string;
  /** Set on `column = constant` and `column = ANY (constant)`, in any order of sides. */
  readonly equality?: "one" | "any";
  /** Set on AND and OR. */
  readonly logic?: "and" | "or";
}

/** A typed expression. */
export type Term =
  | { readonly kind: "column"; readonly index: number; readonly type: Type; readonly collation: Collation | undefined; readonly constant: false }
  | { readonly kind: "constant"; readonly slot: number; readonly type: Type; readonly collation: Collation | undefined; readonly constant: true }
  | {
      readonly kind: "call";
      readonly operation: Operation;
      readonly args: readonly Term[];
      /** Constants only the evaluator reads. */
      readonly support: readonly Term[];
      readonly type: Type;
      readonly collation: Collation | undefined;
      readonly constant: boolean;
    };

/** A constant before Postgres has read it: the client's text, or an expression over such texts. */
export type Constant =
  | { readonly kind: "text"; readonly text: string | null; readonly typeSql: string }
  | { readonly kind: "computed"; readonly term: Term; readonly typeSql: string };

/** A predicate bound to a table's columns, and the constants its slots point to. */
export interface BoundWhere {
  readonly term: Term;
  readonly constants: readonly Constant[];
  /** False when only Postgres may evaluate it. */
  readonly evaluated: boolean;
  /** True when it is only exact in a database whose encoding is UTF-8. */
  readonly needsUtf8: boolean;
}

/** An evaluator that is NULL when the argument is. */
export function strict1(work: (a: Exclude<Value, null>) => Value): (args: readonly Operand[]) => Evaluator {
  return ([a]) => {
    const read = a?.read ?? nothing;
    return (row) => {
      const value = read(row);
      return value === null ? null : work(value);
    };
  };
}

/** An evaluator that is NULL when one of the two arguments is. */
export function strict2(work: (a: Exclude<Value, null>, b: Exclude<Value, null>) => Value): (args: readonly Operand[]) => Evaluator {
  return ([a, b]) => {
    const [readA, readB] = [a?.read ?? nothing, b?.read ?? nothing];
    return (row) => {
      const left = readA(row);
      if (left === null) return null;
      const right = readB(row);
      return right === null ? null : work(left, right);
    };
  };
}

const nothing: Evaluator = () => null;

/** SQL of an infix operator. */
export const infix = (operator: string) => ([a = "", b = ""]: readonly string[]): string => `(${a} ${operator} ${b})`;

/** SQL of a function call. */
export const call = (name: string) => (args: readonly string[]): string => `${name}(${args.join(", ")})`;
