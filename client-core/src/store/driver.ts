import type { BoundValue, Dialect } from "@saldo/schema";
import type { MadeRows, OnConflict, SqlRow } from "./local-database.ts";

/** One session of a database: it may hold one transaction at a time. */
export interface DriverSession {
  query(text: string, parameters: readonly unknown[]): Promise<SqlRow[]>;
  /** Returns how many rows were changed. */
  execute(text: string, parameters: readonly unknown[]): Promise<number>;
  insertRows(table: string, columns: readonly string[], rows: readonly (readonly BoundValue[])[], onConflict: OnConflict): Promise<number>;
  /** Writes rows made beforehand; absent where there is no faster way than `insertRows`. */
  insertMade?(table: string, made: MadeRows): Promise<void>;
  /** Whether the next commits outlive a power cut, as they do until this says otherwise; absent where that is no cheaper. */
  outlivePowerCut?(does: boolean): void;
  /** Gives the session back; `broken` when its transaction could not be ended. */
  release(broken: boolean): void;
}

/** What a product of database has to offer; transactions, order, savepoints and notifications are built on it once, in `open-database.ts`. */
export interface Driver {
  readonly dialect: Dialect;
  /**
   * Whether reads run beside a running transaction: "parallel" each on a session of its own, "beside" on one second session,
   * "in-turn" on the only session there is, between transactions.
   */
  readonly reads: "parallel" | "beside" | "in-turn";
  /** True when it is known not to have been closed the last time. */
  readonly endedUnclean: boolean;
  /** True when its sessions take rows made beforehand. */
  readonly takesMadeRows?: boolean;
  /** True when its SQL has `jsonb_each`. */
  readonly readsJson?: boolean;
  /** True for a device's own database, which keeps rollups of its rows; a server's has none. */
  readonly keepsRollups: boolean;
  /** What is stored was seen not to be what was written; absent where every start after an unclean end looks at all of it. */
  suspect?(): void;
  session(purpose: "read" | "write"): Promise<DriverSession>;
  close(): Promise<void>;
}
