import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";
import type { FollowedTables } from "./catalog/followed-tables.ts";
import type { InspectedTable } from "./catalog/inspect.pg.ts";
import { isTableGone } from "./catalog/table-gone.ts";
import { tableSignature } from "./catalog/table.ts";
import { definitionHash, definitionKey, type ShapeDefinition, type ShapeKey } from "./definition.ts";
import { quoteTable } from "./identifiers.ts";
import type { OpenFiles } from "./log/open-files.ts";
import { ShapeLog } from "./log/shape-log.ts";
import { logReason } from "./log-reason.ts";
import type { ResolvedOptions } from "./options.ts";
import { invalidRequest, notReady, RequestRefused } from "./refusal.ts";
import type { RecentTransactions } from "./replication/recent-transactions.ts";
import type { ChangeRouter } from "./routing/change-router.ts";
import { projectionOf } from "./projection.ts";
import { bindDefinition, Shape } from "./shape.ts";
import { ShapeEnded, SnapshotFile } from "./snapshot/snapshot-file.ts";
import { snapshotSql } from "./snapshot/snapshot-sql.ts";
import { takeSnapshot } from "./snapshot/take-snapshot.ts";
import { snapshotEndMessage, type SnapshotVisibility } from "./snapshot/visibility.ts";
import { writeRecord } from "./storage/shape-record.ts";
import { Turns } from "./turns.ts";
import { canonicalConstants } from "./where/constants.pg.ts";
import { whereWithSettings } from "./where/sql.ts";

const retrySeconds = 10;
const changingRetrySeconds = 5;

/** What making shapes works with. */
export interface ShapeMakerParts {
  readonly options: ResolvedOptions;
  readonly pool: Pool;
  readonly router: ChangeRouter<Shape>;
  readonly recent: RecentTransactions;
  readonly tables: FollowedTables;
  readonly files: OpenFiles;
  /** Holds a folder for each shape. */
  readonly dir: string;
  /** See `StoreParts`. */
  readonly owned: () => Promise<boolean>;
  /** Makes room for one more shape; throws `RequestRefused` when there is none. */
  readonly makeRoom: () => void;
  /** Takes a new shape in; its snapshot comes. */
  readonly add: (shape: Shape) => void;
  /** Ends a shape whose snapshot could not be taken. */
  readonly end: (shape: Shape, reason: string) => void;
}

/**
 * Makes shapes: describes the table, has Postgres read the clause, publishes, then takes the snapshot while clients already ask for it.
 *
 *   make: inspect -> constants -> publish -> folder -> added    fill: turn -> routed -> snapshot -> files durable -> record durable
 */
export class ShapeMaker {
  readonly #parts: ShapeMakerParts;
  readonly #turns: Turns;
  readonly #filling = new Set<Promise<void>>();
  readonly #recording = new Set<Promise<void>>();
  /** Gives up the snapshots that are being taken. */
  readonly #taking = new Map<Shape, AbortController>();
  #lastHandleUs = 0;

  constructor(parts: ShapeMakerParts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.options.snapshotsMax);
  }

  /** True while a snapshot is being taken or waits for its turn. */
  get busy(): boolean {
    return this.#filling.size > 0;
  }

  /** The table of a definition as it is now. Throws `RequestRefused` (400) when there is none. */
  async inspect({ table }: ShapeDefinition): Promise<InspectedTable> {
    const inspected = await this.#parts.tables.inspect(table);
    if (inspected !== undefined) return inspected;
    throw invalidRequest("table", `Table ${quoteTable(table)} does not exist. If the table name contains capitals or special characters you must quote it.`);
  }

  /** A new shape, whose snapshot is under way. Throws `RequestRefused`; a table may go while its shape is being made. */
  async make(definition: ShapeDefinition): Promise<Shape> {
    try {
      return await this.#make(definition);
    } catch (error) {
      if (!isTableGone(error)) throw error;
      await this.inspect(definition);
      throw notReady("The table is changing", retrySeconds);
    }
  }

  /** Gives up the snapshot of a shape that ended. */
  giveUp(shape: Shape): void {
    this.#taking.get(shape)?.abort(new ShapeEnded("the shape is gone"));
  }

  /** Waits until every shape whose snapshot is complete is on disk. */
  async recorded(): Promise<void> {
    await Promise.allSettled([...this.#recording]);
  }

  /** Writes the record of a shape that changed. Before a change of a new partition is logged, a restarted service has to know of it. */
  async recordAgain(shape: Shape): Promise<void> {
    await this.recorded();
    if (shape.gone || shape.visibility === undefined || !shape.snapshot.complete) return;
    await writeRecord(shape, shape.visibility);
  }

  /** Waits until nothing is being made any more. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#filling]);
  }

  async #make(definition: ShapeDefinition): Promise<Shape> {
    const { pool, options, tables, files } = this.#parts;
    const inspected = await this.inspect(definition);
    projectionOf(inspected.table, definition.columns);
    const where = bindDefinition(definition, inspected.table);
    const constants = where === undefined ? [] : await canonicalConstants(pool, where, inspected.table);
    const { table } = await tables.publish(inspected);
    if (tableSignature(table) !== tableSignature(inspected.table)) throw notReady("The table is changing", changingRetrySeconds);
    const handle = this.#newHandle(definitionKey(definition));
    const dir = join(this.#parts.dir, handle);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const log = await ShapeLog.create(dir, options.chunkBytesMin, files);
    const shape = new Shape({ definition, handle, dir, table, where, constants, snapshot: SnapshotFile.writing(dir, options.chunkBytesMin), log, lastUsedMs: options.nowMs() });
    try {
      this.#parts.makeRoom();
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
    this.#parts.add(shape);
    const filling = this.#fill(shape);
    this.#filling.add(filling);
    void filling.finally(() => this.#filling.delete(filling));
    return shape;
  }

  /** Takes the snapshot and makes the shape durable. Never throws: a failure ends the shape. */
  async #fill(shape: Shape): Promise<void> {
    const giveUp = new AbortController();
    this.#taking.set(shape, giveUp);
    try {
      const visibility = await this.#turns.run(() => this.#takeSnapshot(shape, giveUp.signal));
      if (visibility === undefined) return;
      const recording = this.#record(shape, visibility);
      this.#recording.add(recording);
      await recording.finally(() => this.#recording.delete(recording));
    } catch (error) {
      if (shape.gone) return;
      this.#parts.options.log.warn({ handle: shape.handle, reason: logReason(error) }, "snapshot failed");
      shape.snapshot.fail(new RequestRefused(503, { message: "Snapshot failed" }, { retryAfterSeconds: retrySeconds, knownError: true }));
      this.#parts.end(shape, "snapshot failed");
    } finally {
      this.#taking.delete(shape);
    }
  }

  /** `undefined` when the shape is gone by then. */
  async #takeSnapshot(shape: Shape, signal: AbortSignal): Promise<SnapshotVisibility | undefined> {
    if (shape.gone) return undefined;
    const client = await this.#parts.pool.connect();
    try {
      const visibility = await this.#snapshot(shape, client, signal);
      return shape.gone ? undefined : visibility;
    } finally {
      client.release();
    }
  }

  async #snapshot(shape: Shape, client: Parameters<typeof takeSnapshot>[0], signal: AbortSignal): Promise<SnapshotVisibility> {
    const { router, recent } = this.#parts;
    if (shape.gone) throw new ShapeEnded("the shape is gone");
    const mark = recent.count;
    router.add(shape);
    // Changes wait until the snapshot's visibility is known: a lost connection must not hold them up.
    const { silenceMs } = this.#parts.options;
    const limit = (): NodeJS.Timeout => setTimeout(() => client.connection.stream.destroy(new Error("Connection terminated: the server is silent")), silenceMs);
    let limited = limit();
    const bound = shape.where;
    const where = bound === undefined ? undefined : whereWithSettings(bound, shape.table, shape.constants);
    return takeSnapshot(client, {
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
  }

  /** From here on the shape outlives the process. */
  async #record(shape: Shape, visibility: SnapshotVisibility): Promise<void> {
    await shape.snapshot.finish(snapshotEndMessage(visibility));
    const owned = await this.#parts.owned();
    if (owned && !shape.gone) await writeRecord(shape, visibility);
  }

  /** A handle is never used twice: it carries a strictly increasing time. */
  #newHandle(key: ShapeKey): string {
    this.#lastHandleUs = Math.max(this.#lastHandleUs + 1, this.#parts.options.nowMs() * 1000);
    return `${definitionHash(key)}-${this.#lastHandleUs}`;
  }
}
