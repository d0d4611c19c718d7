import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SaldoError, type BoundValue } from "@saldo/schema";
import Database from "better-sqlite3";
import type { Driver, DriverSession } from "../driver.ts";
import { insertStatement } from "../insert-statement.ts";
import type { LocalDatabase, OnConflict, SqlRow } from "../local-database.ts";
import { openDatabase } from "../open-database.ts";
import { fromSqliteError } from "./sqlite-errors.ts";

/** Statements kept prepared on one connection; the one unused for longest goes first. */
const preparedStatementsMax = 200;
/** How long a statement waits for a reader from outside (a backup, a person with a SQLite shell) to let go. */
const busyWaitMs = 5_000;
/** Page cache of one connection. */
const cacheKibibytes = 16_384;
/** The write-ahead log is cut back to this after a checkpoint. */
const walBytesMax = 67_108_864;
/** Bytes of a page: twice the default holds a bulk insert's rows in a tenth less time. */
const pageBytes = 8_192;
/** Pages the log may grow to before it is copied into the database: an import touches its index pages again and again. */
const walPagesMax = 8_192;

/** Where the database lives. */
export interface BetterSqlite3Options {
  /** A file path, or `:memory:`. */
  readonly path: string;
}

/**
 * Opens a SQLite database for this process alone. A file is in WAL mode: reads run on a second connection and never see a running
 * transaction; in memory they wait for it. After an unclean end the file is checked whole before it is used.
 * Throws `store.in_use`, `store.damaged`, `store.cannot_open`.
 */
export function openBetterSqlite3({ path }: BetterSqlite3Options): LocalDatabase {
  try {
    return openDatabase(path === ":memory:" ? memoryDriver() : fileDriver(path));
  } catch (error) {
    throw fromSqliteError(error);
  }
}

/**
 * Removes a store: the database, its log and marks, and copies that were set aside as damaged. The database itself goes first, so that what an
 * interruption leaves is no store any more; idempotent. Throws `store.in_use`.
 */
export function removeSqliteStore(path: string): void {
  if (!existsSync(dirname(path))) return;
  let lock: Database.Database;
  try {
    lock = takeLock(path);
  } catch (error) {
    throw fromSqliteError(error);
  }
  try {
    const own = ["", "-wal", "-shm", "-open", "-journal"].map((suffix) => path + suffix);
    const damaged = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.damaged-`));
    for (const file of [...own, ...damaged.map((name) => join(dirname(path), name))]) rmSync(file, { force: true });
  } finally {
    lock.close();
    rmSync(`${path}-lock`, { force: true });
  }
}

function memoryDriver(): Driver {
  const connection = prepareConnection(new Database(":memory:"));
  const session = sqliteSession(connection);
  return { dialect: "sqlite", reads: "in-turn", endedUnclean: false, keepsRollups: true, readsJson: readsJson(connection), session: () => Promise.resolve(session), close: async () => void connection.close() };
}

function fileDriver(path: string): Driver {
  if (!existsSync(dirname(path))) throw new SaldoError("store.cannot_open", { reason: "no such folder" });
  const opened = [takeLock(path)];
  const closeAll = () => opened.toReversed().forEach((connection) => connection.close());
  const connect = () => {
    const connection = new Database(path, { timeout: busyWaitMs });
    opened.push(connection);
    return prepareConnection(connection);
  };
  try {
    // Both are gone after a clean end: SQLite removes its log when the last connection closes, `close` below the mark.
    const mark = `${path}-open`;
    const endedUnclean = existsSync(mark) || existsSync(`${path}-wal`);
    writeFileSync(mark, "");
    const writer = connect();
    checkLength(writer, path);
    if (endedUnclean) checkPages(writer);
    const reader = connect();
    reader.pragma("query_only = on");
    let isDamaged = false;
    const onDamage = () => (isDamaged = true);
    const sessions = { write: sqliteSession(writer, onDamage), read: sqliteSession(reader, onDamage) };
    return {
      dialect: "sqlite",
      reads: "beside",
      endedUnclean,
      keepsRollups: true,
      readsJson: readsJson(writer),
      session: (purpose) => Promise.resolve(sessions[purpose]),
      async close() {
        closeAll();
        // A file that was found damaged is looked at again before it is next used.
        if (!isDamaged) rmSync(mark, { force: true });
      },
    };
  } catch (error) {
    closeAll();
    throw error;
  }
}

/** An exclusive lock on a file beside the database. The system lets go of it when the process ends, however it ends. */
function takeLock(path: string): Database.Database {
  const lock = new Database(`${path}-lock`, { timeout: 0 });
  try {
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * `synchronous = FULL`: the outbox is the only copy of what a person did offline, so a commit that has returned must outlive a power
 * cut; it costs one flush a commit, also for an import of any size, and is left out where what is written may be lost. Foreign keys are off: rows of several shapes arrive in any order.
 */
function prepareConnection(connection: Database.Database): Database.Database {
  // Takes effect on a new file only, and only before it is in WAL mode.
  connection.pragma(`page_size = ${pageBytes}`);
  connection.pragma("journal_mode = wal");
  connection.pragma("synchronous = full");
  connection.pragma("foreign_keys = off");
  connection.pragma("temp_store = memory");
  connection.pragma(`cache_size = ${-cacheKibibytes}`);
  connection.pragma(`wal_autocheckpoint = ${walPagesMax}`);
  connection.pragma(`journal_size_limit = ${walBytesMax}`);
  return connection;
}

/** False for a SQLite before 3.51, which an application may have built in. */
function readsJson(connection: Database.Database): boolean {
  try {
    return connection.prepare("select count(*) from jsonb_each('[]')").get() !== undefined;
  } catch {
    return false;
  }
}

/** A file cut within its last page is one that SQLite itself reads on, with zeros for what is gone. */
function checkLength(connection: Database.Database, path: string): void {
  connection.pragma("wal_checkpoint(truncate)");
  const bytes = Number(connection.pragma("page_count", { simple: true })) * Number(connection.pragma("page_size", { simple: true }));
  if (statSync(path).size < bytes) throw new SaldoError("store.damaged", { bytesMissing: bytes - statSync(path).size });
}

/** Looks at every page: damage that a later query would only meet by chance shows now. */
function checkPages(connection: Database.Database): void {
  if (connection.pragma("quick_check(1)", { simple: true }) !== "ok") throw new SaldoError("store.damaged");
}

function sqliteSession(connection: Database.Database, onDamage: () => void = () => undefined): DriverSession {
  const statements = new Map<string, Database.Statement<unknown[], SqlRow>>();

  const prepared = (text: string): Database.Statement<unknown[], SqlRow> => {
    const known = statements.get(text);
    if (known) {
      statements.delete(text);
      statements.set(text, known);
      return known;
    }
    const statement = connection.prepare<unknown[], SqlRow>(text);
    statements.set(text, statement);
    const oldest = statements.keys().next();
    if (statements.size > preparedStatementsMax && !oldest.done) statements.delete(oldest.value);
    return statement;
  };

  const attempt = async <Value>(work: () => Value): Promise<Value> => {
    try {
      return work();
    } catch (error) {
      const told = fromSqliteError(error);
      if (told instanceof SaldoError && told.code === "store.damaged") onDamage();
      throw told;
    }
  };

  return {
    query: (text, parameters) => attempt(() => prepared(text).all(...parameters)),
    execute: (text, parameters) => attempt(() => changesOf(prepared(text), parameters)),
    insertRows: (table, columns, rows, onConflict) => attempt(() => insertEach(prepared, { table, columns, onConflict }, rows)),
    // A commit that may be lost is written to the log and not flushed; the next that may not flushes both.
    outlivePowerCut: (does) => void connection.pragma(`synchronous = ${does ? "full" : "normal"}`),
    release: () => undefined,
  };
}

function changesOf(statement: Database.Statement<unknown[], SqlRow>, parameters: readonly unknown[]): number {
  // `… returning` gives rows, and SQLite then tells no number of changes.
  return statement.reader ? statement.all(...parameters).length : statement.run(...parameters).changes;
}

interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly onConflict: OnConflict;
}

function insertEach(
  prepared: (text: string) => Database.Statement<unknown[], SqlRow>,
  { table, columns, onConflict }: Insert,
  rows: readonly (readonly BoundValue[])[],
): number {
  const key = onConflict === "replace" ? keyOf(prepared, table) : [];
  const values = `values (${columns.map(() => "?").join(", ")})`;
  const statement = prepared(insertStatement({ table, columns, source: values, onConflict, key }));
  let written = 0;
  for (const row of rows) written += statement.run(...row).changes;
  return written;
}

function keyOf(prepared: (text: string) => Database.Statement<unknown[], SqlRow>, table: string): string[] {
  return prepared("select name from pragma_table_info(?) where pk > 0 order by pk")
    .all(table)
    .map(({ name }) => String(name));
}
