import { SaldoError } from "@saldo/schema";
import type { SQL } from "drizzle-orm";
import type { Driver, DriverSession } from "./driver.ts";
import type { LocalDatabase, LocalTransaction, SqlReader, SqlRow, TransactionOptions } from "./local-database.ts";
import { renderFor } from "./render.ts";
import { runTransaction } from "./transaction.ts";
import { createTurns, type TurnKind } from "./turns.ts";

const beginRead = { sqlite: "begin", postgres: "begin isolation level repeatable read, read only" } as const;

/** Builds the port over a driver. The driver belongs to it from now on: closing the database closes the driver. */
export function openDatabase(driver: Driver): LocalDatabase {
  const render = renderFor(driver.dialect);
  const writes = createTurns();
  const reads = driver.reads === "beside" ? createTurns() : writes;
  const listeners = new Set<(changed: ReadonlySet<string>) => void>();
  let closing: Promise<void> | undefined;

  const portOf = (kind: TurnKind): LocalDatabase => {
    const read = async <Result>(work: (session: DriverSession) => Promise<Result>): Promise<Result> => {
      if (closing) throw new SaldoError("store.closed");
      const turn = () => withSession(driver, "read", work);
      return driver.reads === "parallel" ? turn() : reads.take(turn, kind);
    };
    return {
      dialect: driver.dialect,
      keepsRollups: driver.keepsRollups,
      takesMadeRows: driver.takesMadeRows === true,
      readsJson: driver.readsJson === true,
      endedUnclean: driver.endedUnclean,
      suspect: () => driver.suspect?.(),
      inBackground: () => portOf("background"),
      query(statement) {
        const { text, parameters } = render(statement);
        return read((session) => session.query(text, parameters));
      },
      snapshot: (work) => read((session) => readConsistently(driver, session, work)),
      async transaction(work, options) {
        if (closing) throw new SaldoError("store.closed");
        return writes.take(async () => {
          const { result, changed } = await write(driver, work, options);
          if (changed.size > 0) notify(listeners, changed);
          return result;
        }, kind);
      },
      onCommit(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      close() {
        closing ??= writes.takeLast(() => (reads === writes ? driver.close() : reads.takeLast(() => driver.close())));
        return closing;
      },
    };
  };
  return portOf("screen");
}

function write<Result>(driver: Driver, work: (transaction: LocalTransaction) => Promise<Result>, { mayBeLost = false }: TransactionOptions = {}) {
  return withSession(driver, "write", async (session) => {
    if (mayBeLost) session.outlivePowerCut?.(false);
    try {
      return await runTransaction(driver, session, work);
    } finally {
      if (mayBeLost) session.outlivePowerCut?.(true);
    }
  });
}

async function withSession<Result>(
  driver: Driver,
  purpose: "read" | "write",
  work: (session: DriverSession) => Promise<Result>,
): Promise<Result> {
  const session = await driver.session(purpose);
  let broken = true;
  try {
    const result = await work(session);
    broken = false;
    return result;
  } catch (error) {
    broken = !(await isIdle(session));
    throw error;
  } finally {
    session.release(broken);
  }
}

/** A session whose connection is gone does not go back to the others. */
async function isIdle(session: DriverSession): Promise<boolean> {
  return session.query("select 1", []).then(
    () => true,
    () => false,
  );
}

async function readConsistently<Result>(driver: Driver, session: DriverSession, work: (reader: SqlReader) => Promise<Result>): Promise<Result> {
  const render = renderFor(driver.dialect);
  let alive = true;
  await session.execute(beginRead[driver.dialect], []);
  try {
    return await work({
      dialect: driver.dialect,
      keepsRollups: driver.keepsRollups,
      async query(statement: SQL): Promise<SqlRow[]> {
        if (!alive) throw new Error("the snapshot has ended");
        const { text, parameters } = render(statement);
        return session.query(text, parameters);
      },
    });
  } finally {
    alive = false;
    await session.execute("rollback", []);
  }
}

/** What is committed is committed: a listener that throws fails on its own. */
function notify(listeners: ReadonlySet<(changed: ReadonlySet<string>) => void>, changed: ReadonlySet<string>): void {
  for (const listener of listeners) {
    try {
      listener(changed);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
