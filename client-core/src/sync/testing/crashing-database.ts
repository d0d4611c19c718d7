import type { LocalDatabase } from "../../store/local-database.ts";

/** What a process that died says instead of an answer. */
export class CrashError extends Error {
  override readonly name = "CrashError";
}

/** A store whose process can die at one of its next commits. */
export interface CrashingDatabase extends LocalDatabase {
  /** The process dies with the transaction after so many others: before it is committed, or after and before anybody hears of it. */
  dieAt(transactionsBefore: number, when: "before" | "after"): void;
  /** True after the process has died. */
  readonly isDead: boolean;
  /** Another process opens the store. */
  revive(): void;
}

/** Wraps a store. A dead process does not reach its store any more. */
export function crashingDatabase(database: LocalDatabase): CrashingDatabase {
  let left: number | undefined;
  let moment: "before" | "after" = "before";
  let dead = false;
  const alive = () => {
    if (dead) throw new CrashError();
  };
  const crashing: CrashingDatabase = {
    dialect: database.dialect,
    keepsRollups: database.keepsRollups,
    takesMadeRows: database.takesMadeRows,
    readsJson: database.readsJson,
    endedUnclean: database.endedUnclean,
    suspect: () => database.suspect(),
    inBackground: () => crashing,
    async query(statement) {
      alive();
      return database.query(statement);
    },
    async snapshot(work) {
      alive();
      return database.snapshot(work);
    },
    async transaction(work) {
      alive();
      if (left === undefined || left-- > 0) return database.transaction(work);
      left = undefined;
      dead = true;
      if (moment === "after") await database.transaction(work);
      else {
        await database.transaction(async (transaction) => {
          await work(transaction);
          throw new CrashError();
        });
      }
      throw new CrashError();
    },
    get isDead() {
      return dead;
    },
    onCommit: (listener) => database.onCommit(listener),
    close: () => database.close(),
    dieAt(transactionsBefore, when) {
      left = transactionsBefore;
      moment = when;
    },
    revive() {
      left = undefined;
      dead = false;
    },
  };
  return crashing;
}
