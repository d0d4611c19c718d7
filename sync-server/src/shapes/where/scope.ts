import type { Column, Table } from "../catalog/table.ts";
import { invalidRequest, type RequestRefused } from "../refusal.ts";
import { caseTable } from "./operations/text.ts";
import type { Collation, Constant, Operation, Term } from "./term.ts";
import { builtin, columnType, commonType, isText, sameType, type Type } from "./types.ts";

/** A literal or parameter whose type its surroundings decide. */
export interface Untyped {
  readonly kind: "untyped";
  readonly text: string | null;
}

/** What an expression is bound to. */
export type Bound = Term | Untyped;

const defaultCollation = 'pg_catalog."default"';
const calculationsMax = 100;
/** Words Postgres reads as a moment that depends on when they are read. */
const moving = /(?:^|[^a-z])(?:now|today|tomorrow|yesterday)(?:$|[^a-z])/i;
const temporal: ReadonlySet<Type["kind"]> = new Set<Type["kind"]>(["date", "time", "timestamp", "timestamptz"]);

/** The 400 for a clause, with its reason. */
export function refuse(reason: string): RequestRefused {
  return invalidRequest("where", reason);
}

/** What a clause is bound in: the table's columns, and the constants found so far. */
export class Scope {
  readonly table: Table;
  /** True when changes are evaluated too. */
  readonly evaluated: boolean;
  readonly constants: Constant[] = [];
  needsUtf8 = false;
  #calculations = 0;
  readonly #caseTables = new Map<string, Term>();

  constructor(table: Table, evaluated: boolean) {
    this.table = table;
    this.evaluated = evaluated;
  }

  /** The column a (perhaps qualified) name stands for. */
  column(path: readonly string[]): Term {
    const { table } = this;
    const own = path.length === 1 || (path.length === 2 && path[0] === table.name) || (path.length === 3 && path[0] === table.schema && path[1] === table.name);
    const name = path.at(-1);
    const index = own ? table.columns.findIndex((candidate) => candidate.name === name) : -1;
    const column = table.columns[index];
    if (column === undefined) throw refuse(`unknown reference ${path.join(".")}`);
    return { kind: "column", index, type: columnType(column), collation: collationOf(column), constant: false };
  }

  /** A constant of a type, its text still as the client gave it. */
  literal(text: string | null, type: Type, typeSql = type.sql): Term {
    if (text !== null && temporal.has((type.element ?? type).kind) && moving.test(text)) throw refuse(`"${text.slice(0, 40)}" changes with time and cannot be used in a where clause`);
    this.constants.push({ kind: "text", text, typeSql });
    return { kind: "constant", slot: this.constants.length - 1, type, collation: undefined, constant: true };
  }

  /** Gives an untyped literal a type; terms stay as they are. */
  typed(bound: Bound, type: Type): Term {
    if (bound.kind !== "untyped") return bound;
    return this.literal(bound.text, type.kind === "integer" ? builtin.int8 : type);
  }

  /** Applies an operation. Throws when it cannot be evaluated on changes but would have to be. */
  make(operation: Operation, args: readonly Term[], type: Type, support: readonly Term[] = []): Term {
    const constant = args.every((arg) => arg.constant);
    if (this.evaluated && !constant && typeof operation.build === "string") throw refuse(operation.build);
    const collation = isText(type) ? this.collation(args) : undefined;
    return { kind: "call", operation, args, support, type, collation, constant };
  }

  /** Applies an operation that depends on a collation: one the clause names is written out. */
  makeCollated(operation: Operation, args: readonly Term[], type: Type, support: readonly Term[] = []): Term {
    const collation = this.collation(args);
    if (collation !== undefined && collation.name === undefined) throw refuse("could not determine which collation to use");
    const sql = collation?.explicitSql;
    if (sql === undefined) return this.make(operation, args, type, support);
    const collated: Operation = { ...operation, sql: ([first = "", ...rest]) => operation.sql([`(${first} COLLATE ${sql})`, ...rest]) };
    return this.make(collated, args, type, support);
  }

  /** The collation texts of these terms are compared by: one that is named wins. */
  collation(terms: readonly Term[]): Collation | undefined {
    const all = terms.flatMap(({ collation }) => (collation === undefined ? [] : [collation]));
    const explicit = all.find(({ explicitSql }) => explicitSql !== undefined);
    if (explicit !== undefined) return explicit;
    // Any other collation wins over the database's default one.
    const [first, ...others] = all.filter(({ name }) => name !== defaultCollation);
    if (first === undefined || others.every(({ name }) => name === first.name)) return first ?? all[0];
    return { name: undefined, deterministic: false, bytewise: false, caseSql: undefined };
  }

  /** What `lower` or `upper` needs to be evaluated. */
  caseSupport(name: "lower" | "upper", collation: Collation | undefined): Term[] {
    const sql = collation?.caseSql;
    if (sql === undefined || !this.evaluated) return [];
    const key = `${name} ${sql}`;
    const table = this.#caseTables.get(key) ?? this.#computed({ kind: "call", operation: caseTable(name, sql), args: [], support: [], type: builtin.text, collation: undefined, constant: true });
    this.#caseTables.set(key, table);
    return [table];
  }

  /** Counts a calculation on changes; throws when a clause has more than can be bounded. */
  calculation(): void {
    this.#calculations += 1;
    if (this.#calculations > calculationsMax) throw refuse("has too many calculations");
  }

  /** Has Postgres compute whatever is the same for all rows, once. */
  fold(term: Term): Term {
    if (term.kind !== "call") return term;
    return term.constant ? this.#computed(term) : { ...term, args: term.args.map((arg) => this.fold(arg)) };
  }

  #computed(term: Term): Term {
    this.constants.push({ kind: "computed", term, typeSql: term.type.sql });
    return { kind: "constant", slot: this.constants.length - 1, type: term.type, collation: term.collation, constant: true };
  }
}

function collationOf(column: Column): Collation | undefined {
  if (!isText(columnType(column)) && column.dims === 0) return undefined;
  const name = column.collation ?? defaultCollation;
  return { name, deterministic: column.collationDeterministic, bytewise: column.collationBytewise, caseSql: column.collationCaseSimple ? name : undefined };
}

/** The common type of what is typed; `undefined` when nothing is. Throws when there is none. */
export function common(bound: readonly Bound[]): Type | undefined {
  let type: Type | undefined;
  for (const item of bound) {
    if (item.kind === "untyped") continue;
    const next: Type | undefined = type === undefined ? item.type : commonType(type, item.type);
    if (next === undefined) throw refuse("values of these types cannot be used together");
    if (type !== undefined && !sameType(type, item.type) && hardToUnify(type, item.type)) throw refuse("values of these types cannot be used together without a cast");
    type = next;
  }
  return type;
}

/** Types Postgres unifies by rules of its own: float4 with other numbers, bpchar with other texts, dates with timestamps (which may fail). */
function hardToUnify(a: Type, b: Type): boolean {
  const kinds = [a.kind, b.kind];
  return kinds.includes("float4") || kinds.includes("date") || kinds.includes("bpchar");
}
