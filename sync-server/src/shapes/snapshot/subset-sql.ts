import type { Table } from "../catalog/table.ts";
import type { BoundWhere } from "../where/term.ts";
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
  readonly clauses: readonly Clause[];
  /** SQL text from `parseOrderBy`. */
  readonly orderBy: string | undefined;
  readonly limit: number | undefined;
  readonly offset: number | undefined;
  /** Told with the metadata and with each row. */
  readonly snapshotMark: number;
}

/** The query that renders the rows which satisfy every clause, and the settings it reads its values from. */
export function subsetSql(parts: SubsetParts): { readonly query: string; readonly settings: readonly string[] } {
  const settings: string[] = [];
  const conditions = parts.clauses.map(({ bound, table, constants }) => {
    const { text, values } = whereWithSettings(bound, table, constants, settings.length + 1);
    settings.push(...values);
    return `(${text})`;
  });
  const where = conditions.length === 0 ? undefined : conditions.join(" AND ");
  const query = [
    snapshotSql(parts.table, parts.selected, where, { snapshot_mark: parts.snapshotMark }),
    parts.orderBy === undefined ? "" : `ORDER BY ${parts.orderBy}`,
    parts.limit === undefined ? "" : `LIMIT ${parts.limit}`,
    parts.offset === undefined ? "" : `OFFSET ${parts.offset}`,
  ];
  return { query: query.filter((part) => part !== "").join(" "), settings };
}
