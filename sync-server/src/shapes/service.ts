import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { DatabasePool } from "./database-pool.ts";
import { definitionKey, normaliseDefinition, type ShapeKey, type ShapeRequest } from "./definition.ts";
import { Admission } from "./http/admission.ts";
import { type AnswerOptions, answerShapeRequest } from "./http/answer.ts";
import type { ShapeServiceStatistics } from "./metrics/observer.ts";
import { type ResolvedOptions, resolveOptions, type ShapeServiceOptions } from "./options.ts";
import { Pipeline } from "./replication/pipeline.ts";
import { readPosition, writePosition } from "./replication/position-file.ts";
import { RecentTransactions } from "./replication/recent-transactions.ts";
import type { SlotState } from "./replication/slot.ts";
import { SlotMonitor } from "./replication/slot-monitor.ts";
import { ReplicationSource } from "./replication/source.ts";
import { TransactionReader } from "./replication/transaction-reader.ts";
import { ChangeRouter } from "./routing/change-router.ts";
import type { Shape } from "./shape.ts";
import { ShapeStore } from "./shape-store.ts";
import { SubsetReader } from "./snapshot/subset-reader.ts";
import { SlotOwnership } from "./slot-ownership.ts";
import { logReason } from "./log-reason.ts";

/** A step of the notify stream: readers see everything up to `lsn`, and these shapes got entries since `prevLsn`. */
export interface ShapeEvent {
  readonly prevLsn: bigint;
  /** Equal to `prevLsn` when shapes were rotated rather than appended to. */
  readonly lsn: bigint;
  readonly touched: readonly ShapeKey[];
}

/** `waiting`: another process owns the slot, or the database cannot be reached yet. */
export type ShapeServiceHealth = "starting" | "waiting" | "active";

/** A running shape service. */
export interface ShapeService {
  /** Answers one protocol request for a definition fixed by the caller; only protocol parameters are read from its URL. */
  handle(request: Request, fixed: ShapeRequest, answer?: AnswerOptions): Promise<Response>;
  /** Calls back synchronously for each commit once readers see it, in order, whether or not it touched a shape. */
  subscribe(listener: (event: ShapeEvent) => void): () => void;
  /** The identity `touched` names a definition by. Throws `RequestRefused` on a malformed definition. */
  shapeKey(fixed: ShapeRequest): ShapeKey;
  /** Commit LSN up to which readers see everything. */
  currentLsn(): bigint;
  health(): ShapeServiceHealth;
  /** True when the handle stands for a shape that is served. */
  knows(handle: string): boolean;
  /** Counts the requests of the bare HTTP service. */
  readonly admission: Admission;
  /** Ends a shape, so that its clients fetch anew; by handle, by definition, or both. */
  invalidate(target: { readonly handle?: string; readonly shape?: ShapeRequest }): "done" | "unknown" | "mismatch";
  /** Looks at once, rather than at the next round, whether tables changed without a row telling so. */
  compareTables(): Promise<void>;
  /** The service in figures, counted at the call. */
  statistics(): ShapeServiceStatistics;
  /** Resolves when the slot is attached for the first time. */
  readonly ready: Promise<void>;
  /** Makes everything durable, acknowledges it, and lets go of the slot. Waiting requests are answered. Idempotent. */
  close(): Promise<void>;
}

const reconcileWaitMsMax = 600_000;

class RunningShapeService implements ShapeService {
  readonly ready: Promise<void>;
  readonly admission: Admission;
  readonly #options: ResolvedOptions;
  readonly #writer = randomUUID();
  readonly #database: DatabasePool;
  readonly #store: ShapeStore;
  readonly #subsets: SubsetReader;
  readonly #pipeline: Pipeline;
  readonly #source: ReplicationSource;
  readonly #listeners = new Set<(event: ShapeEvent) => void>();
  #cluster = "";
  #health: ShapeServiceHealth = "starting";
  #markReady: () => void = () => undefined;
  readonly #monitor: SlotMonitor;
  #reconciling: NodeJS.Timeout | undefined;
  #maintaining: NodeJS.Timeout | undefined;
  #upkeep: Promise<void> | undefined;
  readonly #ownership: SlotOwnership;
  readonly #recent = new RecentTransactions();
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.ready = new Promise((resolve) => (this.#markReady = resolve));
    const owning = (): boolean => this.#health === "active";
    this.#ownership = new SlotOwnership({ storageDir: options.storageDir, writer: this.#writer, active: owning, closing: () => this.#closing !== undefined });
    this.#database = new DatabasePool(options);
    const { pool } = this.#database;
    const router = new ChangeRouter<Shape>();
    const recent = this.#recent;
    const rotated = (shape: Shape): void => this.#emit({ prevLsn: this.currentLsn(), lsn: this.currentLsn(), touched: [shape.key] });
    this.admission = new Admission(options.admission, options.random);
    this.#subsets = new SubsetReader({ pool, recent, storageDir: options.storageDir });
    this.#store = new ShapeStore({ options, pool, router, recent, rotated, owning, owned: () => this.#ownership.owned() });
    this.#source = new ReplicationSource(options, {
      attached: (slot) => this.#attached(slot),
      position: () => readPosition(options.storageDir),
      data: (bytes) => this.#pipeline.data(bytes),
      progressed: (walEnd) => this.#pipeline.progressed(walEnd),
      busy: () => this.#store.busy,
      detached: () => this.#detached(),
      silent: () => this.#database.abandon(),
    });
    this.#pipeline = new Pipeline({
      reader: new TransactionReader(router, recent, (shape, reason) => this.#store.rotate(shape, reason), (oid) => (router.mayConcern(oid) ? this.#store.reconcile(oid) : undefined), options.rowTap),
      log: options.log,
      observer: options.observer,
      nowMs: options.nowMs,
      published: ({ prevLsn, lsn, touched }) => this.#emit({ prevLsn, lsn, touched: [...touched].map((shape) => shape.key) }),
      savePosition: async (lsn) => {
        if (this.#health !== "active") return false;
        await this.#savePosition(lsn);
        return true;
      },
      acknowledge: (lsn) => this.#source.acknowledge(lsn),
      pause: () => this.#source.pause(),
      resume: () => this.#source.resume(),
      failed: (error) => {
        options.log.error({ reason: error.message }, "the change stream failed and is started again");
        this.#source.restart(error);
      },
    });
    this.#monitor = new SlotMonitor({ pool, slotName: options.slotName, log: options.log, nowMs: options.nowMs, completeLsn: () => this.#pipeline.completeLsn });
  }

  async start(): Promise<void> {
    await mkdir(this.#options.storageDir, { recursive: true, mode: 0o700 });
    this.#source.start();
    this.#reconciling = setInterval(() => {
      if (this.#health !== "active") return;
      this.compareTables().catch((error: unknown) => this.#options.log.warn({ reason: logReason(error) }, "tables could not be compared with the catalogue"));
    }, this.#options.reconcileMs);
    this.#maintaining = setInterval(() => this.#maintain(), this.#options.maintenanceMs);
  }

  async handle(request: Request, fixed: ShapeRequest, answer: AnswerOptions = {}): Promise<Response> {
    const asleep = this.#source.asleep;
    this.#source.touch();
    if ((asleep || !this.#serving()) && this.#closing === undefined) await this.#ownership.within(this.#options.readyWaitMs, request.signal);
    const context = {
      store: this.#store,
      subsets: this.#subsets,
      options: this.#options,
      currentLsn: () => this.currentLsn(),
      completeLsn: () => this.#pipeline.completeLsn,
      askForProgress: () => this.#source.askForProgress(),
      onProgress: (listener: () => void) => this.subscribe(listener),
      serving: () => this.#serving(),
    };
    return answerShapeRequest(context, request, fixed, answer);
  }

  subscribe(listener: (event: ShapeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  shapeKey(fixed: ShapeRequest): ShapeKey {
    return definitionKey(normaliseDefinition(fixed));
  }

  currentLsn(): bigint {
    return this.#pipeline.currentLsn;
  }

  /** A service that leaves an idle database alone is as good as active: a request wakes it. */
  health(): ShapeServiceHealth {
    return this.#source.asleep ? "active" : this.#health;
  }

  knows(handle: string): boolean {
    return this.#store.withHandle(handle) !== undefined;
  }

  invalidate(target: { readonly handle?: string; readonly shape?: ShapeRequest }): "done" | "unknown" | "mismatch" {
    const shape = target.shape === undefined ? this.#store.withHandle(target.handle ?? "") : this.#store.withKey(this.shapeKey(target.shape));
    if (shape === undefined) return "unknown";
    if (target.handle !== undefined && shape.handle !== target.handle) return "mismatch";
    this.#store.rotate(shape, "invalidated");
    return "done";
  }

  async compareTables(): Promise<void> {
    await this.#store.reconcile();
    await this.#store.finished();
    if (this.#options.unpublishUnusedTables) await this.#store.unpublishUnused();
  }

  statistics(): ShapeServiceStatistics {
    let [logBytes, snapshotBytes, waiting] = [0, 0, 0];
    for (const shape of this.#store.shapes) {
      logBytes += shape.log.storedBytes;
      snapshotBytes += shape.snapshot.storedBytes;
      waiting += shape.waiting;
    }
    return { shapes: this.#store.size, logBytes, snapshotBytes, waiting, slot: this.#monitor.sample };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#reconciling);
    clearInterval(this.#maintaining);
    this.#ownership.wake();
    this.#source.pause();
    await Promise.all([this.#pipeline.settle(), this.#store.recorded(), this.#upkeep]);
    await this.#source.stop();
    await this.#store.close();
    await this.#database.close();
    this.#markReady();
  }

  #maintain(): void {
    if (this.#health !== "active") return;
    const { log } = this.#options;
    this.#upkeep ??= this.#store
      .maintain()
      .catch((error: unknown) => log.warn({ reason: logReason(error) }, "shapes could not be cleaned up"))
      .finally(() => (this.#upkeep = undefined));
    this.#monitor.look().catch((error: unknown) => log.warn({ reason: logReason(error) }, "the replication slot could not be looked at"));
  }

  /** Shapes are served once they have been loaded, also while the connection is being made again. */
  #serving(): boolean {
    return this.#cluster !== "" && this.#closing === undefined;
  }

  async #attached(slot: SlotState): Promise<void> {
    const position = await readPosition(this.#options.storageDir);
    const continued = this.#cluster !== "" && position?.writer === this.#writer;
    if (!continued) {
      this.#cluster = "";
      await this.#store.load();
    }
    if (slot.gap !== undefined) this.#store.rotateAll(slot.gap);
    await this.#reconciledInTime();
    this.#cluster = slot.cluster;
    const replaced = slot.gap === "other cluster" || slot.gap === "database went back";
    const followedBefore = this.currentLsn() > 0n;
    if (replaced) this.#recent.clear();
    this.#pipeline.attach(slot.confirmedLsn, continued, replaced);
    await this.#savePosition(slot.gap === undefined && position !== undefined ? position.ackedLsn : slot.confirmedLsn);
    this.#health = "active";
    this.#options.log.info({ shapes: this.#store.size, slot: this.#options.slotName, gap: slot.gap ?? "none" }, "replication attached");
    if (replaced && followedBefore) this.#options.databaseReplaced?.();
    this.#markReady();
    this.#ownership.wake();
  }

  /** What was altered while nobody looked must be known before anything is served. */
  async #reconciledInTime(): Promise<void> {
    const timer = setTimeout(() => this.#database.abandon(), reconcileWaitMsMax);
    try {
      await this.#store.reconcile();
    } finally {
      clearTimeout(timer);
    }
  }

  #detached(): void {
    this.#health = "waiting";
    this.#pipeline.detach();
  }

  #savePosition(ackedLsn: bigint): Promise<void> {
    return writePosition(this.#options.storageDir, { cluster: this.#cluster, slot: this.#options.slotName, ackedLsn, writer: this.#writer });
  }

  #emit(event: ShapeEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#options.log.error({ reason: logReason(error) }, "a listener of shape events failed");
      }
    }
  }
}

/**
 * Starts the service: connects, takes the slot, loads the shapes on disk. Returns at once; `ready` says when it serves, and until
 * then requests are answered 503. The connection is kept up for ever.
 */
export async function startShapeService(options: ShapeServiceOptions): Promise<ShapeService> {
  const service = new RunningShapeService(resolveOptions(options));
  await service.start();
  return service;
}
