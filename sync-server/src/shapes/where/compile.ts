import type { Table } from "../catalog/table.ts";
import { rawText } from "./raw-text.ts";
import type { Row } from "./row.ts";
import type { BoundWhere, Evaluator, Operand, Term } from "./term.ts";
import type { Type } from "./types.ts";
import { readArray } from "./values/array.ts";
import { decoder } from "./values/codec.ts";
import type { Value } from "./values/value.ts";

/** SQL's three-valued truth. */
export type Truth = boolean | null;

/** A compiled predicate; a row belongs to the shape when it answers exactly `true`. */
export type Predicate = (row: Row) => Truth;

type Call = Extract<Term, { kind: "call" }>;

class Compiler {
  readonly #texts: readonly (string | null)[];
  readonly #table: Table;

  constructor(texts: readonly (string | null)[], table: Table) {
    this.#texts = texts;
    this.#table = table;
  }

  operand(term: Term): Operand {
    if (term.kind === "constant") {
      const text = this.#texts[term.slot] ?? null;
      const value = text === null ? null : decoder(term.type)(text);
      return { read: () => value, constant: value, column: undefined };
    }
    if (term.kind === "column") return { read: readColumn(term.index, term.type), constant: undefined, column: term.index };
    return { read: this.#call(term), constant: undefined, column: undefined };
  }

  #call(term: Call): Evaluator {
    const { build } = term.operation;
    if (typeof build === "string") throw new Error(build);
    return this.#rawEquality(term) ?? build(term.args.map((arg) => this.operand(arg)), term.support.map((arg) => this.operand(arg)));
  }

  /** Equality with constants is a comparison of texts, where equal values have one text. */
  #rawEquality(term: Call): Evaluator | undefined {
    const found = equalityOf(term, this.#texts, this.#table);
    if (found === undefined) return undefined;
    const [only] = found.values;
    return only === undefined || found.values.size > 1 ? oneOf(found) : equal(found.index, only, found.orNull);
  }
}

function equal(index: number, value: string, orNull: boolean): Evaluator {
  const miss = orNull ? null : false;
  return (row) => ((row[index] ?? null) === null ? null : row[index] === value ? true : miss);
}

function oneOf({ index, values, orNull }: RawEquality): Evaluator {
  const miss = orNull ? null : false;
  return (row) => {
    const text = row[index] ?? null;
    return text === null ? null : values.has(text) ? true : miss;
  };
}

function readColumn(index: number, type: Type): Evaluator {
  const decode = decoder(type);
  return (row) => {
    const text = row[index] ?? null;
    return text === null ? null : decode(text);
  };
}

/** `column = constant` or `column = ANY (constants)` as texts of the column. */
export interface RawEquality {
  readonly index: number;
  readonly values: ReadonlySet<string>;
  /** True when a column without these texts gives NULL rather than false, because a constant is NULL. */
  readonly orNull: boolean;
}

/** Reads a term as an equality of texts; `undefined` when it is none. */
export function equalityOf(term: Term, texts: readonly (string | null)[], table: Table): RawEquality | undefined {
  if (term.kind !== "call" || term.operation.equality === undefined) return undefined;
  const [a, b] = term.args;
  const [column, constant] = a?.kind === "column" ? [a, b] : term.operation.equality === "one" ? [b, a] : [undefined, undefined];
  const description = column?.kind === "column" ? table.columns[column.index] : undefined;
  if (column?.kind !== "column" || description === undefined || constant?.kind !== "constant") return undefined;
  const text = texts[constant.slot] ?? null;
  const any = term.operation.equality === "any";
  // `= ANY (NULL)` is NULL for every row, `= ANY ('{}')` false even for NULL: both are left to the general way.
  if (any && (text === null || text === "{}")) return undefined;
  const items = text === null ? [null] : any ? readArray(text).items : [text];
  const type = any ? (constant.type.element ?? constant.type) : constant.type;
  const values = new Set<string>();
  for (const item of items) {
    const value = item === null ? null : rawText(description, type, item);
    if (value === undefined) return undefined;
    if (value !== null) values.add(value);
  }
  return { index: column.index, values, orNull: items.includes(null) };
}

/**
 * Compiles a bound predicate; `texts` are its constants as Postgres itself rendered them. Throws `RequestRefused` (400) when a constant
 * is one no change could be evaluated with.
 */
export function compileWhere(bound: BoundWhere, texts: readonly (string | null)[], table: Table): Predicate {
  const { read } = new Compiler(texts, table).operand(bound.term);
  return (row) => {
    const value: Value = read(row);
    return value === true ? true : value === false ? false : null;
  };
}
