import { join } from "node:path";
import type { Pool } from "pg";
import type { Table } from "../catalog/table.ts";
import type { RecentTransactions } from "../replication/recent-transactions.ts";
import type { BoundWhere } from "../where/term.ts";
import { Turns } from "../turns.ts";
import { canonicalConstants } from "../where/constants.pg.ts";
import { RowSpool } from "./row-spool.ts";
import { takeSnapshot } from "./take-snapshot.ts";
import type { SnapshotVisibility } from "./visibility.ts";

/** Subset queries that run at once; further ones wait for their turn. */
const subsetQueriesMax = 4;
const subsetBytesMax = 1024 * 1024 * 1024;
const queryMsMax = 60_000;

/** What reading subsets works with. */
export interface SubsetReaderParts {
  readonly pool: Pool;
  readonly recent: RecentTransactions;
  readonly storageDir: string;
}

/** The rows of one subset and what its snapshot saw. */
export interface SubsetRows {
  readonly visibility: SnapshotVisibility;
  readonly rows: RowSpool;
}

/** Reads subsets of shapes from Postgres. */
export class SubsetReader {
  readonly #parts: SubsetReaderParts;
  readonly #turns = new Turns(subsetQueriesMax);
  #reads = 0;

  constructor(parts: SubsetReaderParts) {
    this.#parts = parts;
  }

  /** A moment of the log; a subset read with it sees everything the log had by then. */
  mark(): number {
    return this.#parts.recent.count;
  }

  /** A clause's constants as Postgres renders them; throws `RequestRefused` (400) for what Postgres does not accept. */
  constants(bound: BoundWhere, table: Table): Promise<(string | null)[]> {
    return canonicalConstants(this.#parts.pool, bound, table);
  }

  /**
   * Runs a subset query in one snapshot that sees every transaction begun in the log before `mark`: else the stream, already past that
   * transaction, would never bring what the rows lack. Throws what Postgres throws, `SpoolFull`, and the signal's reason.
   */
  async read(query: string, settings: readonly string[], mark: number, signal: AbortSignal): Promise<SubsetRows> {
    return this.#turns.run(async () => {
      signal.throwIfAborted();
      const rows = new RowSpool(join(this.#parts.storageDir, "subsets"), `${process.pid}-${this.#reads++}`, subsetBytesMax);
      try {
        return { visibility: await this.#snapshot(query, settings, mark, signal, rows), rows };
      } catch (error) {
        rows.discard();
        throw error;
      }
    });
  }

  async #snapshot(query: string, settings: readonly string[], mark: number, signal: AbortSignal, rows: RowSpool): Promise<SnapshotVisibility> {
    const client = await this.#parts.pool.connect();
    try {
      return await takeSnapshot(client, {
        query,
        settings,
        queryMsMax,
        accept: (seen) => !this.#parts.recent.missedBy(seen, mark),
        onRow: (message) => rows.row(message),
        signal,
      });
    } finally {
      client.release();
    }
  }
}
