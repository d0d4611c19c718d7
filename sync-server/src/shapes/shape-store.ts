import { mkdir, readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";
import { compareWithCatalogue } from "./catalog/compare.pg.ts";
import { FollowedTables } from "./catalog/followed-tables.ts";
import type { InspectedTable } from "./catalog/inspect.pg.ts";
import { isTableGone } from "./catalog/table-gone.ts";
import { type Table, tableSignature } from "./catalog/table.ts";
import { definitionHash, definitionKey, type ShapeDefinition, type ShapeKey } from "./definition.ts";
import { quoteTable, type TableName } from "./identifiers.ts";
import { OpenFiles } from "./log/open-files.ts";
import { ShapeLog } from "./log/shape-log.ts";
import type { ResolvedOptions } from "./options.ts";
import { invalidRequest, notReady, RequestRefused } from "./refusal.ts";
import { writeDurably } from "./replication/position-file.ts";
import type { RecentTransactions } from "./replication/recent-transactions.ts";
import type { ChangeRouter } from "./routing/change-router.ts";
import { bindDefinition, recordPath, selectColumns, Shape, shapeRecord, type ShapeRecord } from "./shape.ts";
import { chooseEvictions } from "./storage/eviction.ts";
import { readLastUseMs, writeLastUse } from "./storage/last-use.ts";
import { ShapeEnded, SnapshotFile } from "./snapshot/snapshot-file.ts";
import { snapshotSql } from "./snapshot/snapshot-sql.ts";
import { takeSnapshot } from "./snapshot/take-snapshot.ts";
import { formatSnapshot, parseSnapshot, snapshotEndMessage, type SnapshotVisibility } from "./snapshot/visibility.ts";
import { Turns } from "./turns.ts";
import { canonicalConstants } from "./where/constants.pg.ts";
import { whereWithSettings } from "./where/sql.ts";

const openFilesMax = 512;
const removeRetriesMax = 10;
const snapshotRetrySeconds = 10;
const notOwningRetrySeconds = 5;
const lastUseStepMs = 60_000;
const lastUsesMax = 16;

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
  readonly #byKey = new Map<ShapeKey, Shape>();
  /** In order of last use. */
  readonly #byHandle = new Map<string, Shape>();
  readonly #creating = new Map<ShapeKey, Promise<Shape>>();
  readonly #tables: FollowedTables;
  readonly #filling = new Set<Promise<void>>();
  readonly #recording = new Set<Promise<void>>();
  readonly #removing = new Set<Promise<void>>();
  readonly #finishing = new Set<Promise<void>>();
  readonly #turns: Turns;
  /** Gives up the snapshots that are being taken. */
  readonly #taking = new Map<Shape, AbortController>();
  #lastHandleUs = 0;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#dir = join(parts.options.storageDir, "shapes");
    const { publicationName, manualTablePublishing, snapshotsMax } = parts.options;
    this.#turns = new Turns(snapshotsMax);
    this.#tables = new FollowedTables({ pool: parts.pool, publication: publicationName, manual: manualTablePublishing });
  }

  /** Reads all complete shapes from disk; whatever was not complete is removed. Shapes in memory end without being rotated on disk. */
  async load(): Promise<void> {
    this.#endAll();
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const shapes: Shape[] = [];
    for (const handle of await readdir(this.#dir)) {
      const dir = join(this.#dir, handle);
      const shape = await this.#restore(dir).catch(() => undefined);
      if (shape === undefined) await rm(dir, { recursive: true, force: true });
      else shapes.push(shape);
    }
    for (const shape of shapes.toSorted((a, b) => a.lastUsedMs - b.lastUsedMs)) {
      if (this.#byKey.has(shape.key)) {
        shape.log.close();
        await rm(shape.dir, { recursive: true, force: true });
        continue;
      }
      this.#byKey.set(shape.key, shape);
      this.#byHandle.set(shape.handle, shape);
      this.#parts.router.add(shape);
    }
  }

  /** Number of shapes. */
  get size(): number {
    return this.#byKey.size;
  }

  /** True while a shape is being made. */
  get busy(): boolean {
    return this.#creating.size > 0 || this.#filling.size > 0;
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
    const pending = this.#creating.get(key) ?? this.#createOrExplain(definition).finally(() => this.#creating.delete(key));
    this.#creating.set(key, pending);
    return pending;
  }

  /** The table of a definition as it is now, or as its shape knows it. Throws `RequestRefused` (400) when there is none. */
  async describe(definition: ShapeDefinition): Promise<Table> {
    return this.#byKey.get(definitionKey(definition))?.table ?? (await this.#inspect(definition)).table;
  }

  /** Ends a shape and removes its files; its clients are told to fetch anew. Idempotent. */
  rotate(shape: Shape, reason: string): void {
    if (shape.gone) return;
    this.#parts.options.log.info({ handle: shape.handle, table: quoteTable(shape.definition.table), reason }, "shape rotated");
    this.#parts.options.observer.rotated(reason);
    this.#forget(shape);
    // Its record may be on its way to disk: the directory is emptied until nothing comes any more.
    const removing = rm(shape.dir, { recursive: true, force: true, maxRetries: removeRetriesMax }).catch((error: unknown) => {
      this.#parts.options.log.warn({ handle: shape.handle, reason: String(error) }, "files of a rotated shape remain");
    });
    this.#removing.add(removing);
    void removing.finally(() => this.#removing.delete(removing));
    this.#parts.rotated(shape);
  }

  /** Rotates every shape. */
  rotateAll(reason: string): void {
    for (const shape of this.#byKey.values()) this.rotate(shape, reason);
  }

  /**
   * Compares tables with the catalogue: all of them, or those that changes of one relation may concern. Rotates the shapes of what
   * changed without a row telling so; shapes of a table that got a new partition get its changes too.
   */
  async reconcile(relation?: number): Promise<void> {
    const { pool, options, router } = this.#parts;
    const tables = new Map<string, [Shape, ...Shape[]]>();
    for (const shape of this.#byKey.values()) {
      if (relation !== undefined && !shape.relations.has(relation) && !shape.table.partitioned) continue;
      const name = quoteTable(shape.table);
      const others = tables.get(name);
      if (others === undefined) tables.set(name, [shape]);
      else others.push(shape);
    }
    for (const shapes of tables.values()) {
      const { changed, extended, unfinished } = await compareWithCatalogue(pool, options.publicationName, shapes[0].table, shapes);
      for (const shape of changed) this.rotate(shape, "table changed");
      for (const [shape, oids] of extended) {
        for (const oid of oids) shape.relations.add(oid);
        router.extend(shape);
        await this.#recordAgain(shape);
      }
      if (unfinished !== undefined && changed.length < shapes.length) this.#finish(unfinished);
    }
  }

  /** Gives new partitions a full replica identity; until then their first update or delete rotates. */
  #finish(unfinished: InspectedTable): void {
    const finishing = this.#tables.publish(unfinished).then(
      () => undefined,
      (error: unknown) => this.#parts.options.log.warn({ table: quoteTable(unfinished.table), reason: String(error) }, "a partition's replica identity is not full"),
    );
    this.#finishing.add(finishing);
    void finishing.finally(() => this.#finishing.delete(finishing));
  }

  /** Waits for what `reconcile` left to be altered; never for longer than locks are waited for. */
  async finished(): Promise<void> {
    await Promise.all([...this.#finishing]);
  }

  /** Takes tables out of the publication that no shape reads any more. */
  async unpublishUnused(): Promise<void> {
    const isUsed = (table: TableName): boolean => {
      const name = quoteTable(table);
      return [...this.#byKey.values()].some((shape) => quoteTable(shape.table) === name) || this.#creating.size > 0;
    };
    await this.#tables.unpublishUnused(isUsed);
  }

  /** Drops shapes beyond the limits of age and size, and notes on disk when the others were last used. */
  async maintain(): Promise<void> {
    const { options } = this.#parts;
    const candidates = [...this.#byHandle.values()].map((shape) => ({ shape, lastUsedMs: shape.lastUsedMs, storedBytes: shape.storedBytes, watched: shape.watched || !shape.snapshot.complete }));
    for (const [{ shape }, reason] of chooseEvictions(candidates, options, options.nowMs())) this.rotate(shape, reason);
    await this.#noteLastUses(lastUseStepMs);
    if (options.compaction) await this.#compact();
  }

  /** Merges old parts of logs, one after the other. A log that cannot be merged is left as it is. */
  async #compact(): Promise<void> {
    const { options, owned } = this.#parts;
    for (const shape of [...this.#byHandle.values()]) {
      if (shape.gone || !shape.compactable) continue;
      const beforeBytes = shape.log.storedBytes;
      try {
        await shape.log.removeRetired();
        const done = await shape.log.compact({ relation: JSON.stringify([shape.table.schema, shape.table.name]), owned: async () => (await owned()) && !shape.gone });
        if (!done) continue;
        options.observer.compacted(beforeBytes, shape.log.storedBytes);
        options.log.info({ handle: shape.handle, beforeBytes, afterBytes: shape.log.storedBytes }, "log compacted");
      } catch (error) {
        if (shape.gone) continue;
        shape.compactable = false;
        options.log.warn({ handle: shape.handle, reason: error instanceof Error ? error.message : String(error) }, "log not compacted");
      }
    }
  }

  /** Those used at least `stepMs` after what is on disk. */
  async #noteLastUses(stepMs: number): Promise<void> {
    const used = [...this.#byHandle.values()].filter((shape) => shape.snapshot.complete && shape.lastUsedMs - shape.notedUseMs >= stepMs);
    for (let at = 0; at < used.length; at += lastUsesMax) {
      await Promise.all(
        used.slice(at, at + lastUsesMax).map(async (shape) => {
          const { lastUsedMs } = shape;
          if (shape.gone) return;
          await writeLastUse(recordPath(shape.dir), lastUsedMs);
          shape.notedUseMs = lastUsedMs;
        }),
      );
    }
  }

  /** Waits until every shape whose snapshot is complete is on disk. */
  async recorded(): Promise<void> {
    await Promise.allSettled([...this.#recording]);
  }

  /** Ends all shapes in memory; files stay. */
  async close(): Promise<void> {
    await this.#noteLastUses(1).catch((error: unknown) => this.#parts.options.log.warn({ reason: String(error) }, "last uses of shapes could not be noted"));
    this.#endAll();
    await Promise.allSettled([...this.#creating.values(), ...this.#filling, ...this.#removing, ...this.#finishing]);
    this.#endAll();
    this.#files.closeAll();
  }

  #touch(shape: Shape): void {
    shape.lastUsedMs = this.#parts.options.nowMs();
    this.#byHandle.delete(shape.handle);
    this.#byHandle.set(shape.handle, shape);
  }

  #forget(shape: Shape): void {
    if (this.#byKey.get(shape.key) === shape) this.#byKey.delete(shape.key);
    this.#byHandle.delete(shape.handle);
    this.#parts.router.remove(shape);
    shape.end();
    shape.snapshot.fail(new ShapeEnded("the shape is gone"));
    this.#taking.get(shape)?.abort(new ShapeEnded("the shape is gone"));
    shape.log.close();
  }

  #endAll(): void {
    for (const shape of this.#byKey.values()) {
      shape.snapshot.fail(notReady("The service is stopping", snapshotRetrySeconds));
      this.#forget(shape);
    }
  }

  async #restore(dir: string): Promise<Shape> {
    const record = shapeRecord.parse(JSON.parse(await readFile(recordPath(dir), "utf8")));
    const { definition, table, handle, constants, snapshot } = record;
    const where = bindDefinition(definition, table);
    if (where !== undefined && where.constants.length !== constants.length) throw new Error("the clause is read otherwise than when the shape was made");
    // A shape that ended while its record was written may leave the record alone behind.
    const snapshotBytes = snapshot.chunkEnds.at(-1) ?? 0;
    if (snapshotBytes > 0 && (await stat(join(dir, "snapshot.json"))).size < snapshotBytes) throw new Error("the snapshot is not whole");
    const shape = new Shape({
      definition,
      handle,
      dir,
      table,
      where,
      constants,
      snapshot: SnapshotFile.complete(dir, snapshot.chunkEnds),
      log: await ShapeLog.open(dir, this.#parts.options.chunkBytesMin, this.#files),
      lastUsedMs: await readLastUseMs(recordPath(dir)),
    });
    shape.sees(parseSnapshot(snapshot.text, BigInt(snapshot.lsn), BigInt(snapshot.flushLsn)));
    return shape;
  }

  /** A table may go while its shape is being made. */
  async #createOrExplain(definition: ShapeDefinition): Promise<Shape> {
    try {
      return await this.#create(definition);
    } catch (error) {
      if (!isTableGone(error)) throw error;
      await this.#inspect(definition);
      throw notReady("The table is changing", snapshotRetrySeconds);
    }
  }

  async #create(definition: ShapeDefinition): Promise<Shape> {
    const { pool, options } = this.#parts;
    const inspected = await this.#inspect(definition);
    selectColumns(inspected.table, definition.columns);
    const where = bindDefinition(definition, inspected.table);
    const constants = where === undefined ? [] : await canonicalConstants(pool, where, inspected.table);
    const { table } = await this.#tables.publish(inspected);
    if (tableSignature(table) !== tableSignature(inspected.table)) throw notReady("The table is changing", notOwningRetrySeconds);
    const handle = this.#newHandle(definitionKey(definition));
    const dir = join(this.#dir, handle);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const log = await ShapeLog.open(dir, options.chunkBytesMin, this.#files);
    const shape = new Shape({ definition, handle, dir, table, where, constants, snapshot: SnapshotFile.writing(dir, options.chunkBytesMin), log, lastUsedMs: options.nowMs() });
    try {
      this.#evict();
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
    this.#byKey.set(shape.key, shape);
    this.#byHandle.set(handle, shape);
    const filling = this.#fill(shape);
    this.#filling.add(filling);
    void filling.finally(() => this.#filling.delete(filling));
    return shape;
  }

  async #inspect({ table }: ShapeDefinition): Promise<InspectedTable> {
    const inspected = await this.#tables.inspect(table);
    if (inspected !== undefined) return inspected;
    throw invalidRequest("table", `Table ${quoteTable(table)} does not exist. If the table name contains capitals or special characters you must quote it.`);
  }

  /** Takes the snapshot and makes the shape durable. Never throws: a failure ends the shape. */
  async #fill(shape: Shape): Promise<void> {
    const giveUp = new AbortController();
    this.#taking.set(shape, giveUp);
    try {
      await this.#turns.run(async () => {
        if (shape.gone) return;
        const client = await this.#parts.pool.connect();
        try {
          await this.#snapshot(shape, client, giveUp.signal);
        } finally {
          client.release();
        }
      });
    } catch (error) {
      if (shape.gone) return;
      this.#parts.options.log.warn({ handle: shape.handle, reason: error instanceof Error ? error.message : String(error) }, "snapshot failed");
      shape.snapshot.fail(new RequestRefused(503, { message: "Snapshot failed" }, { retryAfterSeconds: snapshotRetrySeconds, knownError: true }));
      this.rotate(shape, "snapshot failed");
    } finally {
      this.#taking.delete(shape);
    }
  }

  async #snapshot(shape: Shape, client: Parameters<typeof takeSnapshot>[0], signal: AbortSignal): Promise<void> {
    const { router, recent } = this.#parts;
    if (shape.gone) throw new Error("the shape is gone");
    const mark = recent.count;
    router.add(shape);
    // Changes wait until the snapshot's visibility is known: a lost connection must not hold them up.
    const { silenceMs } = this.#parts.options;
    const limit = (): NodeJS.Timeout => setTimeout(() => client.connection.stream.destroy(new Error("Connection terminated: the server is silent")), silenceMs);
    let limited = limit();
    const where = shape.where === undefined ? undefined : whereWithSettings(shape.where, shape.table, shape.constants);
    const visibility = await takeSnapshot(client, {
      query: shape.definition.log === "full" ? snapshotSql(shape.table, shape.selected, where?.text) : undefined,
      settings: where?.values ?? [],
      accept: (seen) => {
        clearTimeout(limited);
        if (recent.missedBy(seen, mark)) {
          limited = limit();
          return false;
        }
        shape.sees(seen);
        return true;
      },
      onRow: (message) => shape.snapshot.row(message),
      signal,
    }).finally(() => clearTimeout(limited));
    if (shape.gone) throw new Error("the shape is gone");
    const recording = this.#record(shape, visibility);
    this.#recording.add(recording);
    await recording.finally(() => this.#recording.delete(recording));
  }

  /** From here on the shape outlives the process. */
  async #record(shape: Shape, visibility: SnapshotVisibility): Promise<void> {
    await shape.snapshot.finish(snapshotEndMessage(visibility));
    const owned = await this.#parts.owned();
    if (owned && !shape.gone) await writeDurably(recordPath(shape.dir), JSON.stringify(recordOf(shape, visibility)));
  }

  /** Before a change of a new partition is logged: a restarted service has to know of it. */
  async #recordAgain(shape: Shape): Promise<void> {
    await this.recorded();
    if (shape.gone || shape.visibility === undefined || !shape.snapshot.complete) return;
    await writeDurably(recordPath(shape.dir), JSON.stringify(recordOf(shape, shape.visibility)));
  }

  #evict(): void {
    while (this.#byKey.size >= this.#parts.options.shapesMax) {
      const idle = [...this.#byHandle.values()].find((shape) => !shape.watched && shape.snapshot.complete);
      if (idle === undefined) throw notReady("Too many shapes", snapshotRetrySeconds);
      this.rotate(idle, "evicted: too many shapes");
    }
  }

  /** A handle is never used twice: it carries a strictly increasing time. */
  #newHandle(key: ShapeKey): string {
    this.#lastHandleUs = Math.max(this.#lastHandleUs + 1, this.#parts.options.nowMs() * 1000);
    return `${definitionHash(key)}-${this.#lastHandleUs}`;
  }
}

function recordOf(shape: Shape, visibility: SnapshotVisibility): ShapeRecord {
  const { handle, definition, table, constants } = shape;
  return {
    version: 2,
    handle,
    definition: { ...definition, params: [...definition.params], columns: definition.columns === null ? null : [...definition.columns] },
    table: { ...table, columns: [...table.columns], unpublished: [...table.unpublished], relations: [...shape.relations], publicationEntries: [...table.publicationEntries] },
    constants: [...constants],
    snapshot: { text: formatSnapshot(visibility), lsn: visibility.lsn.toString(), flushLsn: visibility.flushLsn.toString(), chunkEnds: [...shape.snapshot.chunkEnds] },
  };
}
