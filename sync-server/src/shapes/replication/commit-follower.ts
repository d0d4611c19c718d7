import { keepAliveDelayMsDefault, silenceMsDefault } from "../connection-settings.ts";
import type { ShapeServiceLog } from "../options.ts";
import type { PgOutputMessage } from "./messages.ts";
import { decodePgOutput } from "./pgoutput.ts";
import { ReplicationSource } from "./source.ts";
import type { RowTap } from "./row-tap.ts";
import { filledFrom, textsOf } from "./tuple.ts";

/** A row that a transaction changed; its values stand in the order of `columns`. */
export interface ChangedRow {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** Absent for an insert. */
  readonly old: readonly (string | null | undefined)[] | undefined;
  /** Absent for a delete. */
  readonly row: readonly (string | null | undefined)[] | undefined;
}

/** A committed transaction of the publication. */
export interface FollowedCommit {
  readonly lsn: bigint;
  /** What {@link CommitFollowerOptions.touches} named; "all" when that cannot be told (a truncated table, old values missing, too many names). */
  readonly touched: ReadonlySet<string> | "all";
}

/** What a {@link CommitFollower} needs and whom it tells. All calls are synchronous, in the order of the log. */
export interface CommitFollowerOptions {
  readonly databaseUrl: string;
  readonly publicationName: string;
  /** How the name of its temporary slots begins. */
  readonly slotName: string;
  readonly log: ShapeServiceLog;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Names of what a changed row belongs to, before and after. Rows whose values did not change are not asked about. */
  touches(change: ChangedRow): Iterable<string>;
  /** Hears every row change before its commit is told; nobody when left out. */
  readonly rowTap?: RowTap;
  /** A new connection: every commit after `lsn` will be told, and what committed between two connections is lost. */
  attached(lsn: bigint): void;
  committed(commit: FollowedCommit): void;
  detached(): void;
}

/** Most names one transaction is told with. */
const touchedMax = 10_000;

interface OpenTransaction {
  readonly commitLsn: bigint;
  readonly touched: Set<string>;
  changes: number;
  untold: boolean;
}

type Relation = Extract<PgOutputMessage, { kind: "relation" }>;
type RowMessage = Extract<PgOutputMessage, { kind: "insert" | "update" | "delete" }>;

/**
 * Reads the commits of a publication, keeping nothing: through a temporary slot, so that a reader that is gone holds no WAL back.
 *
 *   detached --slot made--> attached --begin, rows, commit--> attached --connection lost--> detached (what commits now is missed)
 */
export class CommitFollower {
  readonly #options: CommitFollowerOptions;
  readonly #source: ReplicationSource;
  readonly #relations = new Map<number, Relation>();
  readonly #waiting = new Set<() => void>();
  #open: OpenTransaction | undefined;
  #attached = false;
  #completeLsn = 0n;

  constructor(options: CommitFollowerOptions) {
    this.#options = options;
    this.#source = new ReplicationSource(
      { ...options, slotEachConnection: true, temporarySlot: true, replicationIdleMs: 0, keepAliveDelayMs: keepAliveDelayMsDefault, silenceMs: silenceMsDefault },
      {
        attached: async ({ confirmedLsn }) => this.#begin(confirmedLsn),
        position: () => Promise.resolve(undefined),
        data: (bytes) => this.#data(bytes),
        progressed: (walEnd) => this.#progressed(walEnd),
        busy: () => false,
        silent: () => undefined,
        detached: () => this.#end(),
      },
    );
  }

  /** Starts connecting; returns at once. */
  start(): void {
    this.#source.start();
  }

  /** Resolves true once every commit before `lsn` has been told, false when the wait was longer or the connection is lost. */
  async told(lsn: bigint, waitMsMax: number): Promise<boolean> {
    if (this.#attached && this.#completeLsn >= lsn) return true;
    this.#source.askForProgress();
    return new Promise((resolve) => {
      const finish = (told: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(told);
      };
      const check = (): void => {
        if (!this.#attached) finish(false);
        else if (this.#completeLsn >= lsn) finish(true);
      };
      const timer = setTimeout(() => finish(false), waitMsMax);
      this.#waiting.add(check);
    });
  }

  /** Cuts the connection for good, and its slot with it. */
  close(): Promise<void> {
    return this.#source.stop();
  }

  #begin(lsn: bigint): void {
    this.#attached = true;
    this.#completeLsn = lsn;
    this.#options.attached(lsn);
  }

  #end(): void {
    const was = this.#attached;
    this.#attached = false;
    this.#open = undefined;
    this.#relations.clear();
    this.#options.rowTap?.reset();
    if (was) this.#options.detached();
    this.#wake();
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }

  #data(bytes: Buffer): void {
    try {
      this.#take(decodePgOutput(bytes));
    } catch (error) {
      this.#source.restart(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(message: PgOutputMessage): void {
    const tap = this.#options.rowTap;
    if (message.kind === "begin") {
      tap?.begin(message.xid, message.commitLsn);
      this.#open = { commitLsn: message.commitLsn, touched: new Set(), changes: 0, untold: false };
    } else if (message.kind === "relation") {
      tap?.relation(message);
      this.#relations.set(message.oid, message);
    } else if (message.kind === "commit") this.#commit(message.endLsn);
    else if (message.kind === "truncate") {
      const open = this.#transaction();
      open.changes += 1;
      open.untold = true;
      for (const oid of message.oids) tap?.untold(oid);
    } else if (message.kind !== "other") this.#row(message);
  }

  #row(message: RowMessage): void {
    const open = this.#transaction();
    const relation = this.#relations.get(message.oid);
    if (relation === undefined) throw new Error("a row came before its relation");
    open.changes += 1;
    this.#tapped(message, relation);
    if (open.untold) return;
    const old = message.kind === "insert" || message.old === undefined ? undefined : textsOf(message.old);
    const row = message.kind === "delete" ? undefined : textsOf(message.row).map((value, index) => (value === undefined ? old?.[index] : value));
    if (message.kind !== "insert" && (old === undefined || relation.replicaIdentity !== "f")) {
      open.untold = true;
      return;
    }
    if (old !== undefined && row !== undefined && old.every((value, index) => value === row[index])) return;
    const change = { schema: relation.schema, table: relation.name, columns: relation.columns.map(({ name }) => name), old, row };
    for (const name of this.#options.touches(change)) open.touched.add(name);
    if (open.touched.size > touchedMax) open.untold = true;
  }

  #tapped(message: RowMessage, { replicaIdentity }: Relation): void {
    const tap = this.#options.rowTap;
    if (message.kind === "insert") tap?.row(message.oid, undefined, message.row);
    else if (message.old === undefined || replicaIdentity !== "f") tap?.untold(message.oid);
    else tap?.row(message.oid, message.old, message.kind === "delete" ? undefined : filledFrom(message.old, message.row));
  }

  #commit(endLsn: bigint): void {
    const { commitLsn, touched, changes, untold } = this.#transaction();
    this.#open = undefined;
    this.#options.rowTap?.commit();
    if (changes > 0) this.#options.committed({ lsn: commitLsn, touched: untold ? "all" : touched });
    this.#complete(endLsn);
  }

  #progressed(walEnd: bigint): void {
    if (this.#open === undefined) this.#complete(walEnd);
  }

  #complete(lsn: bigint): void {
    if (lsn <= this.#completeLsn) return;
    this.#completeLsn = lsn;
    this.#options.rowTap?.complete(lsn);
    this.#source.acknowledge(lsn);
    this.#wake();
  }

  #transaction(): OpenTransaction {
    if (this.#open === undefined) throw new Error("a change came outside a transaction");
    return this.#open;
  }
}
