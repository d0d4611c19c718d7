import { idsOfScope, rowSumSql, sumOfTotal, tables, type RowsSum, type ShapeDeclaration } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
import { scopeSql } from "../gatekeeper/registry.ts";
import { parseLsn, parseSnapshot, type SnapshotVisibility } from "../shapes/index.ts";

/** Longest one query of sums may take. */
export const sumsMsMax = 30_000;

const sumRows = z.array(z.object({ name: z.string(), rows: z.string(), total: z.string() }));
const snapshotRow = z.tuple([z.object({ snapshot: z.string(), lsn: z.string(), flushed: z.string() })]);

/** A shape narrowed to one scope. */
export interface ScopedShape {
  readonly shape: ShapeDeclaration;
  readonly scopeId: string;
}

/** What shapes of the database come to, by name, and what the snapshot saw in which they were read. */
export interface Baseline {
  readonly visibility: SnapshotVisibility;
  readonly sums: ReadonlyMap<string, RowsSum>;
}

/** True for the error of sums that took too long. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "57014";
}

/** Reads the sums of shapes in one snapshot of the database; undefined when `accept` does not want that snapshot. Throws, see {@link isTimeout}, after so long. */
export async function readBaseline(pool: pg.Pool, shapes: readonly ScopedShape[], accept: (visibility: SnapshotVisibility) => boolean = () => true, msMax = sumsMsMax): Promise<Baseline | undefined> {
  const connection = await pool.connect();
  try {
    await connection.query("begin isolation level repeatable read read only");
    await connection.query(`set local statement_timeout = ${msMax}`);
    const { rows: seen } = await connection.query("select pg_current_snapshot()::text as snapshot, pg_current_wal_insert_lsn()::text as lsn, pg_current_wal_flush_lsn()::text as flushed");
    const [{ snapshot, lsn, flushed }] = snapshotRow.parse(seen);
    const visibility = parseSnapshot(snapshot, parseLsn(lsn), parseLsn(flushed));
    if (!accept(visibility)) return undefined;
    const parameters: string[] = [];
    const queries = shapes.map(({ shape, scopeId }) => {
      const query = sumQuery(shape, parameters.length);
      parameters.push(...idsOfScope(scopeId));
      return query;
    });
    const { rows } = await connection.query(queries.join(" union all "), parameters);
    return { visibility, sums: new Map(sumRows.parse(rows).map(({ name, rows: count, total }) => [name, { rows: Number(count), sum: sumOfTotal(total) }])) };
  } finally {
    await connection.query("rollback").then(
      () => connection.release(),
      (error: unknown) => connection.release(error instanceof Error ? error : true),
    );
  }
}

function sumQuery({ name, scopeColumns }: ShapeDeclaration, parametersBefore: number): string {
  return `select '${name}' as name, count(*)::text as rows, ${rowSumSql(tables[name])} as total from "${name}" where ${scopeSql(scopeColumns, parametersBefore)}`;
}
