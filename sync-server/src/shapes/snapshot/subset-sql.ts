import type { Table } from "../catalog/table.ts";
import type { BoundWhere, Term } from "../where/term.ts";
import { whereWithSettings } from "../where/sql.ts";
import { snapshotSql } from "./snapshot-sql.ts";

/** A bound clause, the table its columns are numbered by, and its constants as Postgres rendered them. */
export interface Clause {
  readonly bound: BoundWhere;
  readonly table: Table;
  readonly constants: readonly (string | null)[];
}

/** What a subset is made of; every part of it was read and is written anew. */
export interface SubsetParts {
  readonly table: Table;
  readonly selected: readonly number[];
  /** The shape's own clause. */
  readonly main: Clause | undefined;
  /** The client's clause. */
  readonly further: Clause | undefined;
  /** SQL text from `parseOrderBy`. */
  readonly orderBy: string | undefined;
  readonly limit: number | undefined;
  readonly offset: number | undefined;
  /** Told with the metadata and with each row. */
  readonly snapshotMark: number;
}

/** True when Postgres may fail to compute the term for some row, as no clause may that is evaluated here. */
function mayFail(term: Term): boolean {
  return term.kind === "call" && (typeof term.operation.build === "string" || term.args.some(mayFail));
}

/**
 * Both conditions. Postgres is free to try the further one first, on rows of the table that are not the shape's: one that may fail would
 * tell of their values by failing, so it is only tried on the others.
 */
function both(main: string, further: string, furtherMayFail: boolean): string {
  return furtherMayFail ? `${main} AND CASE WHEN ${main} THEN ${further} ELSE FALSE END` : `${main} AND ${further}`;
}

/** The query that renders the rows which satisfy both clauses, and the settings it reads its values from. */
export function subsetSql(parts: SubsetParts): { readonly query: string; readonly settings: readonly string[] } {
  const settings: string[] = [];
  const [main, further] = [parts.main, parts.further].map((clause) => {
    if (clause === undefined) return undefined;
    const { text, values } = whereWithSettings(clause.bound, clause.table, clause.constants, settings.length + 1);
    settings.push(...values);
    return `(${text})`;
  });
  const where = main === undefined || further === undefined ? (main ?? further) : both(main, further, parts.further !== undefined && mayFail(parts.further.bound.term));
  const query = [
    snapshotSql(parts.table, parts.selected, where, { snapshot_mark: parts.snapshotMark }),
    parts.orderBy === undefined ? "" : `ORDER BY ${parts.orderBy}`,
    parts.limit === undefined ? "" : `LIMIT ${parts.limit}`,
    parts.offset === undefined ? "" : `OFFSET ${parts.offset}`,
  ];
  return { query: query.filter((part) => part !== "").join(" "), settings };
}
