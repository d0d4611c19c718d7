import type { ShapeServiceObserver } from "../metrics/observer.ts";
import type { ShapeServiceLog } from "../options.ts";
import type { Shape } from "../shape.ts";
import { decodePgOutput } from "./pgoutput.ts";
import type { LoggedTransaction, TransactionReader } from "./transaction-reader.ts";

/** A committed transaction that readers can see now. */
export interface PublishedTransaction {
  readonly prevLsn: bigint;
  readonly lsn: bigint;
  readonly touched: ReadonlySet<Shape>;
}

/** What the pipeline drives. */
export interface PipelinePorts {
  readonly reader: TransactionReader;
  readonly log: ShapeServiceLog;
  readonly observer: ShapeServiceObserver;
  readonly nowMs: () => number;
  readonly published: (transaction: PublishedTransaction) => void;
  /** Makes everything before `lsn` durable as a position; called after the shape logs are on disk. False when the slot is not ours now. */
  readonly savePosition: (lsn: bigint) => Promise<boolean>;
  readonly acknowledge: (lsn: bigint) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Something that must not happen: the connection is to be made anew. */
  readonly failed: (error: Error) => void;
}

type Item = { readonly kind: "data"; readonly bytes: Buffer } | { readonly kind: "progress"; readonly walEnd: bigint };

const syncsMax = 4;
/** A stream that does not end is synced so often: each time costs several writes of the disk, and delays only what Postgres may forget. */
const syncEveryMs = 50;

/** A shape may end, and its files with it, while they are synced. */
async function syncLog(shape: Shape): Promise<void> {
  try {
    if (!shape.gone) await shape.log.sync();
  } catch (error) {
    if (!shape.gone) throw error;
  }
}

/**
 * Stream messages in, shape logs out.
 *
 *   data --> decode --> route --> log.append --commit--> [flush: write, publish, notify] --> [sync: fsync, position, acknowledge]
 *
 * A flush follows each piece the socket delivers, so one commit on an idle system is visible at once and a busy stream is written
 * in batches. Readers may see what is not yet synced: after a crash Postgres sends it again and the log gets the same bytes.
 */
export class Pipeline {
  readonly #ports: PipelinePorts;
  #queue: Item[] = [];
  #scheduled = false;
  #epoch = 0;
  #unpublished: LoggedTransaction[] = [];
  #currentLsn = 0n;
  /** Everything before this is in the logs and visible. */
  #completeLsn = 0n;
  #savedLsn = 0n;
  readonly #dirty = new Set<Shape>();
  #syncing: Promise<void> | undefined;
  #syncedAtMs = Number.NEGATIVE_INFINITY;
  /** Ends the wait for the next sync. */
  #hurry: (() => void) | undefined;

  constructor(ports: PipelinePorts) {
    this.#ports = ports;
  }

  /** Commit LSN up to which readers see everything. */
  get currentLsn(): bigint {
    return this.#currentLsn;
  }

  /** Everything that committed before this is in the logs and visible. */
  get completeLsn(): bigint {
    return this.#completeLsn;
  }

  /**
   * Starts over from what Postgres will send next: everything committed before `confirmedLsn` is done. `continued` says that no other
   * process had the logs meanwhile; only then are they touched, and a transaction in the middle is rolled back. `replaced` says that
   * positions of before mean nothing any more.
   */
  attach(confirmedLsn: bigint, continued: boolean, replaced: boolean): void {
    if (continued) this.#flush();
    else this.#unpublished = [];
    this.#ports.reader.reset();
    this.#completeLsn = confirmedLsn;
    this.#savedLsn = confirmedLsn;
    if (replaced || confirmedLsn - 1n > this.#currentLsn) this.#currentLsn = confirmedLsn - 1n;
  }

  /** Forgets what has not been processed. The logs stay as they are until {@link attach}: by now they may be another process's. */
  detach(): void {
    this.#epoch += 1;
    this.#queue = [];
    this.#scheduled = false;
  }

  data(bytes: Buffer): void {
    this.#push({ kind: "data", bytes });
  }

  progressed(walEnd: bigint): void {
    this.#push({ kind: "progress", walEnd });
  }

  /** Waits until everything published so far is durable and acknowledged. */
  async settle(): Promise<void> {
    while (this.#syncing !== undefined) {
      this.#syncedAtMs = Number.NEGATIVE_INFINITY;
      this.#hurry?.();
      await this.#syncing;
    }
  }

  #push(item: Item): void {
    this.#queue.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    const epoch = this.#epoch;
    queueMicrotask(() => {
      if (epoch !== this.#epoch) return;
      this.#run(epoch).catch((error: unknown) => this.#ports.failed(error instanceof Error ? error : new Error(String(error))));
    });
  }

  async #run(epoch: number): Promise<void> {
    while (this.#queue.length > 0) {
      const items = this.#queue;
      this.#queue = [];
      for (const item of items) {
        if (item.kind === "progress") {
          this.#progress(item.walEnd);
          continue;
        }
        const message = decodePgOutput(item.bytes);
        for (;;) {
          const result = this.#ports.reader.take(message);
          if (result === undefined) break;
          if (!(result instanceof Promise)) {
            this.#unpublished.push(result);
            break;
          }
          this.#ports.pause();
          await result;
          if (epoch !== this.#epoch) return;
          this.#ports.resume();
        }
      }
      this.#flush();
    }
    this.#scheduled = false;
  }

  #progress(walEnd: bigint): void {
    this.#flush();
    if (this.#ports.reader.inTransaction || walEnd <= this.#completeLsn) return;
    this.#completeLsn = walEnd;
    const prevLsn = this.#currentLsn;
    if (walEnd - 1n > prevLsn) {
      this.#currentLsn = walEnd - 1n;
      this.#ports.published({ prevLsn, lsn: this.#currentLsn, touched: new Set() });
    }
    this.#sync();
  }

  /** Makes finished transactions visible: first all logs, then all readers and listeners, in commit order. */
  #flush(): void {
    const transactions = this.#unpublished;
    if (transactions.length === 0) return;
    this.#unpublished = [];
    const touched = new Set(transactions.flatMap((transaction) => [...transaction.touched]));
    for (const shape of touched) {
      if (shape.gone) continue;
      shape.log.write();
      this.#dirty.add(shape);
    }
    for (const shape of touched) shape.log.publish();
    for (const transaction of transactions) {
      this.#completeLsn = transaction.endLsn;
      const prevLsn = this.#currentLsn;
      if (transaction.commitLsn <= prevLsn) continue;
      this.#currentLsn = transaction.commitLsn;
      this.#ports.published({ prevLsn, lsn: transaction.commitLsn, touched: transaction.touched });
    }
    for (const shape of touched) shape.wake();
    this.#ports.observer.published(transactions.length, transactions.reduce((sum, { changes }) => sum + changes, 0));
    this.#sync();
  }

  #sync(): void {
    this.#syncing ??= this.#syncAll().catch((error: unknown) => {
      this.#ports.failed(error instanceof Error ? error : new Error(String(error)));
    }).finally(() => (this.#syncing = undefined));
  }

  async #syncAll(): Promise<void> {
    while (this.#completeLsn > this.#savedLsn) {
      await this.#untilSyncIsDue();
      const epoch = this.#epoch;
      const lsn = this.#completeLsn;
      const shapes = [...this.#dirty];
      this.#dirty.clear();
      const startedMs = this.#ports.nowMs();
      try {
        for (let at = 0; at < shapes.length; at += syncsMax) {
          await Promise.all(shapes.slice(at, at + syncsMax).map(syncLog));
        }
        if (!(await this.#ports.savePosition(lsn))) return;
      } catch (error) {
        for (const shape of shapes) this.#dirty.add(shape);
        throw error;
      }
      this.#syncedAtMs = this.#ports.nowMs();
      this.#ports.observer.synced(this.#syncedAtMs - startedMs);
      if (epoch !== this.#epoch) continue;
      this.#savedLsn = lsn;
      this.#ports.acknowledge(lsn);
    }
  }

  async #untilSyncIsDue(): Promise<void> {
    const waitMs = this.#syncedAtMs + syncEveryMs - this.#ports.nowMs();
    if (waitMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(waitMs, syncEveryMs));
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hurry = undefined;
  }
}
