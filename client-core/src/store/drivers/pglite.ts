import type { PGlite } from "@electric-sql/pglite";
import { SaldoError } from "@saldo/schema";
import type { Driver, DriverSession } from "../driver.ts";
import type { LocalDatabase, SqlRow } from "../local-database.ts";
import { openDatabase } from "../open-database.ts";
import { fromPostgresError } from "./postgres-errors.ts";
import { copyBinary, type CopyColumn } from "../copy-binary.ts";
import { copyRows, copyRowsMin } from "./pglite-copy.ts";
import { byteaText, bytesOfBytea } from "./postgres-bytea.ts";
import { upkeepOf, type Upkeep } from "./pglite-upkeep.ts";
import { cataloguesBy, inserterBy, type InsertRequest } from "./postgres-insert.ts";
import { writingMark, type WritingMark, type WritingNote } from "./writing-mark.ts";

export type { WritingNote } from "./writing-mark.ts";

/** The space an instance's files have, where they can run out of it. */
export interface StoreSpace {
  /** True once a write has found none left: until it is there again nothing more is to be written. */
  isShort(): boolean;
  /** Looks whether there is space again; true when there is. */
  regain(): Promise<boolean>;
  /** Present where files are in memory and kept after each commit only. */
  readonly kept?: KeptFiles;
}

/** Files in memory of which a copy is kept, whole, after each commit. */
export interface KeptFiles {
  /** Why this instance's files could not be kept; undefined while they are. After the first failure nothing of the instance is kept any more. */
  failure(): unknown;
  /** Ends the instance, and starts one on the files as they were kept last. */
  restart(): Promise<PGlite>;
}

/**
 * Opens a PGlite instance that was made elsewhere (in memory, on OPFS, on IndexedDB). The instance belongs to the database from now on:
 * nobody else may run statements on it, and closing the database closes it. It has one session, so reads take turns with transactions.
 * With a note it is known whether it ended while it was being written; in memory there is nothing to know. A transaction during which space runs out
 * is rolled back with `store.disk_full`, as is each one after it until there is space again. A commit whose files could not be kept is taken back by starting
 * on what was kept: before anything else is asked, and before the next write in any case.
 */
export function openPglite(pglite: PGlite, note: WritingNote = unnoted, space: StoreSpace = unlimited): LocalDatabase {
  let reads = 0;
  let isAhead = false;
  const mark = writingMark(note, async () => {
    // With its one session a checkpoint that failed would take the open reads with it: the next quiet comes.
    if (reads === 0) await live.upkeep.settle();
  });
  const takeBack = (): void => void (isAhead = true);
  const connect = (instance: PGlite) => {
    const upkeep = upkeepOf(instance);
    const session = pgliteSession(instance, mark, upkeep, space);
    const reading: DriverSession = { ...session, release: () => void (reads -= 1) };
    const writing: DriverSession = { ...endedWithoutSpace(session, space, upkeep, takeBack), release: () => mark.end() };
    return { instance, upkeep, reading, writing };
  };
  let live = connect(pglite);
  const restart = async ({ kept }: StoreSpace): Promise<void> => {
    if (kept === undefined) return;
    // Should no other instance start, the ended one is not asked either: whoever comes next tries again.
    isAhead = true;
    live = connect(await kept.restart());
    isAhead = false;
  };
  const driver: Driver = {
    dialect: "postgres",
    reads: "in-turn",
    endedUnclean: note.wasThere,
    keepsRollups: true,
    takesMadeRows: true,
    suspect: mark.keep,
    async session(purpose) {
      if (purpose === "read") {
        if (isAhead) await restart(space);
        reads += 1;
        return live.reading;
      }
      if (!(await space.regain())) throw new SaldoError("store.disk_full");
      if (space.kept?.failure() !== undefined) await restart(space);
      await mark.begin();
      return live.writing;
    },
    async close() {
      await live.instance.close();
      await mark.close();
    },
  };
  return openDatabase(driver);
}

/** What numbers are in columns of these types. */
const numbersOf: Readonly<Record<string, CopyColumn["numbers"]>> = { bigint: "whole", "double precision": "real" };

type Statements = Required<Omit<DriverSession, "release" | "outlivePowerCut">>;

/** A transaction that found no space left goes no further; once it is committed it is, unless files are kept after that only. */
function endedWithoutSpace(session: Statements, space: StoreSpace, upkeep: Upkeep, takeBack: () => void): Statements {
  const orNone = <Result>(result: Result, text = ""): Result => {
    if (space.isShort() && text !== "commit" && text !== "rollback") throw new SaldoError("store.disk_full");
    return result;
  };
  return {
    ...session,
    query: async (text, parameters) => orNone(await session.query(text, parameters), text),
    async execute(text, parameters) {
      const changed = orNone(await session.execute(text, parameters), text);
      if (text !== "commit") return changed;
      const cause = space.kept?.failure();
      if (cause === undefined) {
        // What is kept of the commit is not taken back for what could not be kept after it.
        await upkeep.afterCommit();
        return changed;
      }
      takeBack();
      throw new SaldoError(space.isShort() ? "store.disk_full" : "store.io_failed", {}, { cause });
    },
    insertRows: async (...rows) => orNone(await session.insertRows(...rows)),
    insertMade: async (...made) => orNone(await session.insertMade(...made)),
  };
}

const unlimited: StoreSpace = { isShort: () => false, regain: () => Promise.resolve(true) };

const unnoted: WritingNote = { wasThere: false, wasDamaged: false, write: () => Promise.resolve(), writeDamaged: () => Promise.resolve(), remove: () => Promise.resolve() };

const byteaType = 17;

/** PGlite's own way with bytes makes a text of each: the body of an import's batch would take as long as its rows. */
export const quickBytes = {
  serializers: { [byteaType]: (value: unknown) => (value instanceof Uint8Array ? byteaText(value) : String(value)) },
  parsers: { [byteaType]: bytesOfBytea },
};

function pgliteSession(pglite: PGlite, mark: Pick<WritingMark, "keep">, upkeep: Upkeep, space: StoreSpace): Statements {
  const asStoreError = async <Result>(statement: () => Promise<Result>): Promise<Result> => {
    try {
      return await statement();
    } catch (cause) {
      const error = fromPostgresError(cause);
      if (error instanceof SaldoError && error.code === "store.damaged") mark.keep();
      // Postgres may not have survived it, and says so in many ways.
      throw error instanceof SaldoError || !space.isShort() ? error : new SaldoError("store.disk_full", {}, { cause });
    }
  };
  const run = (text: string, parameters: readonly unknown[]) => asStoreError(() => pglite.query<SqlRow>(text, [...parameters], quickBytes));
  const statements = {
    query: async (text: string, parameters: readonly unknown[]) => (await run(text, parameters)).rows,
    execute: async (text: string, parameters: readonly unknown[]) => (await run(text, parameters)).affectedRows ?? 0,
  };
  const catalogueOf = cataloguesBy(statements);
  const insert = inserterBy(statements, catalogueOf);
  const insertMany = async (request: InsertRequest): Promise<number> => {
    if (request.onConflict === "replace" || request.rows.length < copyRowsMin) return insert(request);
    const { table, rows } = request;
    const { types } = await catalogueOf(request);
    const columns = request.columns.map((name) => ({ name, numbers: numbersOf[types.get(name) ?? ""] ?? "text" }));
    await statements.execute("savepoint copied", []);
    try {
      await copyRows(pglite, table, copyBinary(columns, rows));
      upkeep.copied(table, rows.length);
      await statements.execute("release savepoint copied", []);
      return rows.length;
    } catch (cause) {
      const error = fromPostgresError(cause);
      await statements.execute("rollback to savepoint copied", []);
      await statements.execute("release savepoint copied", []);
      const isThere = error instanceof SaldoError && error.code === "store.key_exists";
      if (isThere && request.onConflict === "ignore") return insert(request);
      throw error;
    }
  };
  return {
    ...statements,
    insertRows: (table, columns, rows, onConflict) => insertMany({ table, columns, rows, onConflict }),
    async insertMade(table, made) {
      await asStoreError(() => copyRows(pglite, table, made));
      upkeep.copied(table, made.count);
    },
  };
}
