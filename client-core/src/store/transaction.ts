import type { Dialect } from "@saldo/schema";
import type { Driver, DriverSession } from "./driver.ts";
import type { LocalTransaction } from "./local-database.ts";
import { insertedMonths, type InsertedMonths } from "./inserted-months.ts";
import { renderFor } from "./render.ts";

const beginWrite = { sqlite: "begin immediate", postgres: "begin" } as const;

/** Runs work in one transaction of a session; commits when it resolves, rolls back and rethrows when it rejects. */
export async function runTransaction<Result>(
  { dialect, keepsRollups }: Pick<Driver, "dialect" | "keepsRollups">,
  session: DriverSession,
  work: (transaction: LocalTransaction) => Promise<Result>,
): Promise<{ readonly result: Result; readonly changed: ReadonlySet<string> }> {
  const state: TransactionState = { alive: true, failure: undefined, changed: new Set(), savepoints: [], inserted: keepsRollups ? insertedMonths() : undefined };
  await session.execute(beginWrite[dialect], []);
  try {
    const result = await work(transactionOver(dialect, session, state));
    if (state.failure) throw state.failure.error;
    state.alive = false;
    await state.inserted?.markStale(session);
    await session.execute("commit", []);
    return { result, changed: state.changed };
  } catch (error) {
    state.alive = false;
    // The first error tells more than a rollback that fails after it; SQLite rolls back on its own when the disk is full.
    await session.execute("rollback", []).catch(() => undefined);
    throw error;
  }
}

interface TransactionState {
  alive: boolean;
  /** The first statement that failed since the innermost savepoint began: Postgres goes no further, so neither does SQLite. */
  failure: { readonly error: unknown } | undefined;
  changed: Set<string>;
  readonly savepoints: number[];
  /** Months of the rows inserted, where rollups are kept. */
  readonly inserted: InsertedMonths | undefined;
}

function transactionOver(dialect: Dialect, session: DriverSession, state: TransactionState): LocalTransaction {
  const render = renderFor(dialect);
  let savepointsMade = 0;

  const guarded = async <Value>(statement: () => Promise<Value>): Promise<Value> => {
    if (!state.alive) throw new Error("the transaction has ended");
    if (state.failure) throw state.failure.error;
    try {
      return await statement();
    } catch (error) {
      state.failure ??= { error };
      throw error;
    }
  };

  return {
    dialect,
    keepsRollups: state.inserted !== undefined,
    query: (statement) =>
      guarded(() => {
        const { text, parameters } = render(statement);
        return session.query(text, parameters);
      }),
    execute: (statement, changes) =>
      guarded(() => {
        const { text, parameters } = render(statement);
        for (const table of changes) state.changed.add(table);
        return session.execute(text, parameters);
      }),
    insertRows: (table, columns, rows, onConflict) =>
      guarded(async () => {
        if (rows.length === 0) return 0;
        state.changed.add(table);
        state.inserted?.see(table, columns, rows);
        return session.insertRows(table, columns, rows, onConflict);
      }),
    insertMade: (table, workspaceId, made) =>
      guarded(async () => {
        if (session.insertMade === undefined) throw new TypeError("this database takes no rows made beforehand");
        state.changed.add(table);
        if (table === "transaction") state.inserted?.seeMonths(workspaceId, made.months);
        await session.insertMade(table, made);
      }),
    async savepoint(work) {
      const id = ++savepointsMade;
      await guarded(() => session.execute(`savepoint s${id}`, []));
      state.savepoints.push(id);
      const changedBefore = new Set(state.changed);
      try {
        const result = await work();
        if (state.failure) throw state.failure.error;
        endSavepoint(state, id);
        await guarded(() => session.execute(`release savepoint s${id}`, []));
        return result;
      } catch (error) {
        endSavepoint(state, id);
        state.failure = undefined;
        state.changed = changedBefore;
        try {
          await guarded(() => session.execute(`rollback to savepoint s${id}`, []));
          await guarded(() => session.execute(`release savepoint s${id}`, []));
        } catch {
          // The database gave up the whole transaction: what made it do so is what is told.
          state.failure = { error };
        }
        throw error;
      }
    },
  };
}

function endSavepoint(state: TransactionState, id: number): void {
  if (state.savepoints.at(-1) === id) state.savepoints.pop();
  else if (state.savepoints.includes(id)) throw new Error("savepoints overlap");
}
