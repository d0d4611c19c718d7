import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";
import { FollowedTables } from "./catalog/followed-tables.ts";
import { KnownTables } from "./catalog/known-tables.ts";
import { ShapeTables } from "./catalog/shape-tables.ts";
import type { Table } from "./catalog/table.ts";
import { definitionKey, type ShapeDefinition, type ShapeKey } from "./definition.ts";
import { quoteTable } from "./identifiers.ts";
import { OpenFiles } from "./log/open-files.ts";
import { logReason } from "./log-reason.ts";
import type { ResolvedOptions } from "./options.ts";
import { notReady } from "./refusal.ts";
import type { RecentTransactions } from "./replication/recent-transactions.ts";
import type { ChangeRouter } from "./routing/change-router.ts";
import type { Shape } from "./shape.ts";
import { ShapeMaker } from "./shape-maker.ts";
import { ShapeEnded } from "./snapshot/snapshot-file.ts";
import { restoreShape } from "./storage/shape-record.ts";
import { StorageUpkeep } from "./storage/upkeep.ts";
import { Turns } from "./turns.ts";

const openFilesMax = 512;
/** Shapes read from disk at once. */
const restoresMax = 16;
const removeRetriesMax = 10;
const retrySeconds = 10;
const notOwningRetrySeconds = 5;

/** What the store works with. */
export interface StoreParts {
  readonly options: ResolvedOptions;
  readonly pool: Pool;
  readonly router: ChangeRouter<Shape>;
  readonly recent: RecentTransactions;
  /** True while the slot is ours: only then may shapes be made. */
  readonly owning: () => boolean;
  /** Waits until the slot is surely ours (again); shapes of an earlier owner's time are gone by then. False when the service closes first. */
  readonly owned: () => Promise<boolean>;
  /** Told when a shape ends although clients may hold its handle. */
  readonly rotated: (shape: Shape) => void;
}

/** All shapes: made on first request, kept on disk, found by definition or handle, dropped by rotation or eviction. */
export class ShapeStore {
  readonly #parts: StoreParts;
  readonly #dir: string;
  readonly #files = new OpenFiles(openFilesMax);
  readonly #known = new KnownTables();
  readonly #byKey = new Map<ShapeKey, Shape>();
  /** In order of last use. */
  readonly #byHandle = new Map<string, Shape>();
  readonly #creating = new Map<ShapeKey, Promise<Shape>>();
  readonly #removing = new Set<Promise<void>>();
  readonly #maker: ShapeMaker;
  readonly #tables: ShapeTables;
  readonly #upkeep: StorageUpkeep;

  constructor(parts: StoreParts) {
    const { options, pool, router, recent, owned } = parts;
    this.#parts = parts;
    this.#dir = join(options.storageDir, "shapes");
    const end = (shape: Shape, reason: string): void => this.rotate(shape, reason);
    const shapes = (): Iterable<Shape> => this.#byHandle.values();
    const tables = new FollowedTables({ pool, publication: options.publicationName, manual: options.manualTablePublishing, known: this.#known });
    this.#maker = new ShapeMaker({ options, pool, router, recent, tables, files: this.#files, dir: this.#dir, owned, makeRoom: () => this.#makeRoom(), add: (shape) => this.#add(shape), end });
    const extended = async (shape: Shape): Promise<void> => {
      router.extend(shape);
      await this.#maker.recordAgain(shape);
    };
    this.#tables = new ShapeTables({ options, pool, tables, shapes, end, extended });
    this.#upkeep = new StorageUpkeep({ options, shapes, owned, evict: end });
  }

  /** Reads all complete shapes from disk; whatever was not complete is removed. Shapes in memory end without being rotated on disk. */
  async load(): Promise<void> {
    this.#endAll();
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const shapes: Shape[] = [];
    const restoring = new Turns(restoresMax);
    await Promise.all(
      (await readdir(this.#dir)).map(async (handle) => {
        const dir = join(this.#dir, handle);
        const shape = await restoring.run(() => restoreShape(dir, this.#parts.options.chunkBytesMin, this.#files, this.#known)).catch(() => undefined);
        if (shape === undefined) await rm(dir, { recursive: true, force: true });
        else shapes.push(shape);
      }),
    );
    for (const shape of shapes.toSorted((a, b) => a.lastUsedMs - b.lastUsedMs)) {
      if (this.#byKey.has(shape.key)) {
        shape.log.close();
        await rm(shape.dir, { recursive: true, force: true });
        continue;
      }
      this.#add(shape);
      this.#parts.router.add(shape);
    }
  }

  /** Number of shapes. */
  get size(): number {
    return this.#byKey.size;
  }

  /** True while a shape is being made. */
  get busy(): boolean {
    return this.#creating.size > 0 || this.#maker.busy;
  }

  /** All shapes, the least recently used first. */
  get shapes(): Iterable<Shape> {
    return this.#byHandle.values();
  }

  /** The shape with this handle, if it is still served. */
  withHandle(handle: string): Shape | undefined {
    const shape = this.#byHandle.get(handle);
    if (shape !== undefined) this.#touch(shape);
    return shape;
  }

  /** The shape with this definition, if there is one. */
  withKey(key: ShapeKey): Shape | undefined {
    return this.#byKey.get(key);
  }

  /** The shape with this definition, made if needed; its snapshot may still be under way. Throws `RequestRefused`. */
  async get(definition: ShapeDefinition): Promise<Shape> {
    const key = definitionKey(definition);
    const existing = this.#byKey.get(key);
    if (existing !== undefined) {
      this.#touch(existing);
      return existing;
    }
    if (!this.#parts.owning()) throw notReady("The database cannot be reached", notOwningRetrySeconds);
    const pending = this.#creating.get(key) ?? this.#maker.make(definition).finally(() => this.#creating.delete(key));
    this.#creating.set(key, pending);
    return pending;
  }

  /** The table of a definition as it is now, or as its shape knows it. Throws `RequestRefused` (400) when there is none. */
  async describe(definition: ShapeDefinition): Promise<Table> {
    return this.#byKey.get(definitionKey(definition))?.table ?? (await this.#maker.inspect(definition)).table;
  }

  /** Ends a shape and removes its files; its clients are told to fetch anew. Idempotent. */
  rotate(shape: Shape, reason: string): void {
    if (shape.gone) return;
    this.#parts.options.log.info({ handle: shape.handle, table: quoteTable(shape.definition.table), reason }, "shape rotated");
    this.#parts.options.observer.rotated(reason);
    this.#forget(shape);
    // Its record may be on its way to disk: the directory is emptied until nothing comes any more.
    const removing = rm(shape.dir, { recursive: true, force: true, maxRetries: removeRetriesMax }).catch((error: unknown) => {
      this.#parts.options.log.warn({ handle: shape.handle, reason: logReason(error) }, "files of a rotated shape remain");
    });
    this.#removing.add(removing);
    void removing.finally(() => this.#removing.delete(removing));
    this.#parts.rotated(shape);
  }

  /** Rotates every shape. */
  rotateAll(reason: string): void {
    for (const shape of this.#byKey.values()) this.rotate(shape, reason);
  }

  /** Compares the tables of shapes with the catalogue, see {@link ShapeTables}. */
  reconcile(relation?: number): Promise<void> {
    return this.#tables.reconcile(relation);
  }

  /** Waits for what `reconcile` left to be altered; never for longer than locks are waited for. */
  finished(): Promise<void> {
    return this.#tables.finished();
  }

  /** Takes tables out of the publication that no shape reads any more. */
  unpublishUnused(): Promise<void> {
    return this.#tables.unpublishUnused(() => this.#creating.size > 0);
  }

  /** What shapes on disk need now and then, see {@link StorageUpkeep}. */
  maintain(): Promise<void> {
    return this.#upkeep.run();
  }

  /** Waits until every shape whose snapshot is complete is on disk. */
  recorded(): Promise<void> {
    return this.#maker.recorded();
  }

  /** Ends all shapes in memory; files stay. */
  async close(): Promise<void> {
    await this.#upkeep.noteLastUses().catch((error: unknown) => this.#parts.options.log.warn({ reason: logReason(error) }, "last uses of shapes could not be noted"));
    this.#endAll();
    await Promise.allSettled([...this.#creating.values(), this.#maker.settled(), ...this.#removing, this.finished()]);
    this.#endAll();
    this.#files.closeAll();
  }

  #touch(shape: Shape): void {
    shape.lastUsedMs = this.#parts.options.nowMs();
    this.#byHandle.delete(shape.handle);
    this.#byHandle.set(shape.handle, shape);
  }

  #add(shape: Shape): void {
    this.#byKey.set(shape.key, shape);
    this.#byHandle.set(shape.handle, shape);
  }

  #forget(shape: Shape): void {
    if (this.#byKey.get(shape.key) === shape) this.#byKey.delete(shape.key);
    this.#byHandle.delete(shape.handle);
    this.#parts.router.remove(shape);
    shape.end();
    shape.snapshot.fail(new ShapeEnded("the shape is gone"));
    this.#maker.giveUp(shape);
    shape.log.close();
  }

  #endAll(): void {
    for (const shape of this.#byKey.values()) {
      shape.snapshot.fail(notReady("The service is stopping", retrySeconds));
      this.#forget(shape);
    }
  }

  /** Room for one more: the least recently used that nobody waits for goes. Throws `RequestRefused` when all are waited for. */
  #makeRoom(): void {
    while (this.#byKey.size >= this.#parts.options.shapesMax) {
      const idle = [...this.#byHandle.values()].find((shape) => !shape.watched && shape.snapshot.complete);
      if (idle === undefined) throw notReady("Too many shapes", retrySeconds);
      this.rotate(idle, "evicted: too many shapes");
    }
  }
}
