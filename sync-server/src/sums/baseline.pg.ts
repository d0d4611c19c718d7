import { rowSumSql, sumOfTotal, tables, type RowsSum, type ShapeDeclaration } from "@saldo/schema";
import type pg from "pg";
import { z } from "zod";
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
    const { rows } = await connection.query(shapes.map(({ shape }, at) => sumQuery(shape, at + 1)).join(" union all "), shapes.map(({ scopeId }) => scopeId));
    return { visibility, sums: new Map(sumRows.parse(rows).map(({ name, rows: count, total }) => [name, { rows: Number(count), sum: sumOfTotal(total) }])) };
  } finally {
    await connection.query("rollback").then(
      () => connection.release(),
      (error: unknown) => connection.release(error instanceof Error ? error : true),
    );
  }
}

function sumQuery(shape: ShapeDeclaration, parameter: number): string {
  return `select '${shape.name}' as name, count(*)::text as rows, ${rowSumSql(tables[shape.name])} as total from "${shape.name}" where "${shape.scopeColumn}" = $${parameter}`;
}
