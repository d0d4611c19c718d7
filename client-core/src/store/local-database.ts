import type { BoundValue, Dialect } from "@saldo/schema";
import type { SQL } from "drizzle-orm";

/** A row as the driver gives it: SQL column names, driver values. Decode with the schema's codec. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** What an insert does when the key is already there. */
export type OnConflict = "fail" | "replace" | "ignore";

/** Reading: statements are drizzle `sql` templates in portable SQL, rendered by the driver; every identifier is quoted. */
export interface SqlReader {
  readonly dialect: Dialect;
  /** True where rollups of the rows are kept (a device); a server's database is read row by row. */
  readonly keepsRollups: boolean;
  /** Runs a statement that returns rows. */
  query(statement: SQL): Promise<SqlRow[]>;
}

/** Rows in the form the driver's fastest insert takes, made beforehand, on another thread if need be. Nothing in it is shared with anyone. */
export interface MadeRows {
  readonly columns: readonly string[];
  /** Rows in `COPY`'s binary format. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: number;
  /** Of rows of `transaction`: the months they are of, `YYYY-MM`. */
  readonly months: readonly string[];
}

/**
 * The inside of a transaction. It is dead once the transaction's function has settled. A statement that failed outside a savepoint
 * dooms the transaction on every driver, also when its error was caught.
 */
export interface LocalTransaction extends SqlReader {
  /** Runs a statement that changes rows of the named tables; returns how many it changed. */
  execute(statement: SQL, changes: readonly string[]): Promise<number>;
  /**
   * Inserts many rows at the driver's best speed; `columns` are SQL names, values are bound for the dialect (`toBound`).
   * Returns how many rows were written. "replace" overwrites the named columns of the row with the same key; of two such rows in one
   * call the last stays.
   */
  insertRows(table: string, columns: readonly string[], rows: readonly (readonly BoundValue[])[], onConflict: OnConflict): Promise<number>;
  /** Writes rows that were made beforehand; only where {@link LocalDatabase.takesMadeRows}. Throws `store.key_exists` when a key is there. */
  insertMade(table: string, workspaceId: string, made: MadeRows): Promise<void>;
  /**
   * Runs work that may fail alone: what it wrote is rolled back to here when it throws, and the error goes on to the caller.
   * Savepoints nest, they do not overlap.
   */
  savepoint<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** How a transaction is committed. */
export interface TransactionOptions {
  /**
   * True where a power cut may take the transaction away, with all that came after it until the next one of the others: for what a server has and
   * will send again. It is whole or not there, and it outlives the process.
   */
  readonly mayBeLost?: boolean;
}

/**
 * The database on a device (SQLite or PGlite), or a server's Postgres read with the same code.
 * Transactions run one after another in the order asked for, but see {@link LocalDatabase.inBackground}; reads outside see committed rows only. Inside a transaction or a snapshot
 * read through what it was given: waiting there for `query`, `snapshot`, `transaction` or `close` of the database itself may wait for ever.
 * Throws `SaldoError` `store.*` for a broken environment: file damaged, disk full, in use by another process.
 */
export interface LocalDatabase extends SqlReader {
  /** True when rows made beforehand are its fastest way in. */
  readonly takesMadeRows: boolean;
  /** True when its SQL reads JSON arrays of messages faster than JavaScript does. */
  readonly readsJson: boolean;
  /** True when it was not closed the last time it was used: what is stored may not be what was written. */
  readonly endedUnclean: boolean;
  /** Notes that what is stored was seen not to be what was written: whoever opens it next looks at all of it. */
  suspect(): void;
  /** The same database for work that nobody waits for: where what is asked takes turns, what a screen asks goes before it. Each side keeps its own order. */
  inBackground(): LocalDatabase;
  transaction<Result>(work: (transaction: LocalTransaction) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
  /** Runs several reads that all see the same committed state. */
  snapshot<Result>(work: (reader: SqlReader) => Promise<Result>): Promise<Result>;
  /** Calls back after each commit with the names of the tables it changed. Returns the function that stops it. */
  onCommit(listener: (changed: ReadonlySet<string>) => void): () => void;
  /** Closes cleanly; waits for the running transaction. Idempotent. */
  close(): Promise<void>;
}
