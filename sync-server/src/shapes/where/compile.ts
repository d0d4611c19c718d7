import type { Table } from "../catalog/table.ts";
import { compareTexts } from "./compare.ts";
import type { BoundWhere, ComparisonOperator, Condition, Operand } from "./expression.ts";

/** A row's values as text, in table order. */
export type Row = readonly (string | null | undefined)[];

/** SQL's three-valued truth. */
export type Truth = boolean | null;

/** A compiled predicate; a row belongs to the shape when it answers exactly `true`. */
export type Predicate = (row: Row) => Truth;

/** Rows can only match when the column's text is one of these values. */
export interface EqualityKey {
  readonly index: number;
  readonly values: readonly string[];
}

const holds: Record<ComparisonOperator, (order: number) => boolean> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** Compiles a bound predicate; `texts` are its constants as Postgres itself rendered them. */
export function compileWhere(bound: BoundWhere, texts: readonly (string | null)[]): Predicate {
  const reader = (operand: Operand): ((row: Row) => string | null) => {
    if (operand.kind === "column") return (row) => row[operand.index] ?? null;
    const text = texts[operand.slot] ?? null;
    return () => text;
  };
  const compile = (condition: Condition): Predicate => {
    switch (condition.kind) {
      case "truth":
        return () => condition.value;
      case "and": {
        const [left, right] = [compile(condition.left), compile(condition.right)];
        return (row) => {
          const first = left(row);
          if (first === false) return false;
          const second = right(row);
          return second === false ? false : first === null ? null : second;
        };
      }
      case "or": {
        const [left, right] = [compile(condition.left), compile(condition.right)];
        return (row) => {
          const first = left(row);
          if (first === true) return true;
          const second = right(row);
          return second === true ? true : first === null ? null : second;
        };
      }
      case "not": {
        const operand = compile(condition.operand);
        return (row) => {
          const value = operand(row);
          return value === null ? null : !value;
        };
      }
      case "isNull":
        return (row) => (row[condition.index] ?? null) === null;
      case "isTruth": {
        const operand = compile(condition.operand);
        return (row) => operand(row) === condition.value;
      }
      case "flag":
        return (row) => {
          const text = row[condition.index] ?? null;
          return text === null ? null : text === "t";
        };
      case "compare": {
        const [left, right, test] = [reader(condition.left), reader(condition.right), holds[condition.op]];
        const compare = comparison(bound, condition.by, condition.left, condition.right);
        return (row) => {
          const [a, b] = [left(row), right(row)];
          return a === null || b === null ? null : test(compare(a, b));
        };
      }
      case "in": {
        const operand = reader(condition.operand);
        const items = condition.list.map((item) => ({ read: reader(item), compare: comparison(bound, condition.by, condition.operand, item) }));
        return (row) => {
          const value = operand(row);
          if (value === null) return null;
          let result: Truth = false;
          for (const item of items) {
            const candidate = item.read(row);
            if (candidate === null) result = null;
            else if (item.compare(value, candidate) === 0) return true;
          }
          return result;
        };
      }
    }
  };
  return compile(bound.condition);
}

function comparison(bound: BoundWhere, by: Parameters<typeof compareTexts>[0], left: Operand, right: Operand): (a: string, b: string) => number {
  const isSingle = (side: Operand): boolean => (side.kind === "column" ? side.single : bound.constants[side.slot]?.typeSql === "float4");
  const [singleA, singleB] = [isSingle(left), isSingle(right)];
  return (a, b) => compareTexts(by, a, b, singleA, singleB);
}

/** The text a column would show if it equalled the constant, or `undefined` when one value has several texts. */
function indexText(table: Table, operand: Operand, by: string, text: string): string | undefined {
  if (operand.kind !== "column") return undefined;
  if (by === "text" || by === "uuid" || by === "bool" || by === "enum" || by === "instant") return text;
  const typeName = table.columns[operand.index]?.typeName ?? "";
  if (by === "decimal" && typeName.startsWith("int") && /^-?\d+$/.test(text)) return BigInt(text).toString();
  return undefined;
}

/** Finds an equality (or IN list) every matching row must satisfy, for look-up by value; `undefined` when there is none. */
export function equalityKey(bound: BoundWhere, texts: readonly (string | null)[], table: Table): EqualityKey | undefined {
  const find = (condition: Condition): EqualityKey | undefined => {
    if (condition.kind === "and") return find(condition.left) ?? find(condition.right);
    if (condition.kind === "in") return keyOf(condition.operand, condition.by, condition.list);
    if (condition.kind !== "compare" || condition.op !== "=") return undefined;
    return keyOf(condition.left, condition.by, [condition.right]) ?? keyOf(condition.right, condition.by, [condition.left]);
  };
  const keyOf = (operand: Operand, by: string, list: readonly Operand[]): EqualityKey | undefined => {
    if (operand.kind !== "column") return undefined;
    const values: string[] = [];
    for (const item of list) {
      if (item.kind !== "constant") return undefined;
      const text = texts[item.slot] ?? null;
      if (text === null) continue;
      const value = indexText(table, operand, by, text);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return { index: operand.index, values };
  };
  return find(bound.condition);
}
