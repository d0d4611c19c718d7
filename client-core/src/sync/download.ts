import { isTableName, SaldoError, tableNames, type TableName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { createArrivals } from "./arrivals.ts";
import { applyCheckpoint, type CheckpointResult } from "./checkpoint.ts";
import { readBatch } from "./message.ts";
import { openNotifyStream, type NotifyStream } from "./notify.ts";
import type { SyncPorts } from "./ports.ts";
import type { Relay } from "./relay.ts";
import { readSetting } from "./settings.ts";
import { createShapeGate, streamMark } from "./shape-gate.ts";
import { createShapeLog, dueOf, settle, takeBatch, type Cursor, type ShapeLog } from "./shape-log.ts";
import { openShapeStream, type ShapeEvents } from "./shape-stream.ts";
import { clearStaged } from "./staging.ts";
import { scopeOf } from "./workspace.ts";

/** What the download tells. */
export interface DownloadEvents {
  /** The notify stream is there, or is gone. */
  connected(isConnected: boolean, cause?: SaldoError): void;
  /** Messages arrived. */
  received(messages: number): void;
  /** A checkpoint was applied; `rowsWritten` is 0 when nothing visible changed. */
  checkpoint(result: CheckpointResult): void;
}

/** A running download. */
export interface Download {
  /** Tries at once if it is waiting. */
  wake(): void;
  /** True when all that was announced is applied. */
  isCaughtUp(): boolean;
  /** Resolves when the signal aborts; rejects with a failure of the store or a final one of the server. */
  readonly done: Promise<void>;
}

interface DownloadOptions {
  readonly ports: SyncPorts;
  readonly relay: Relay;
  readonly ids: { readonly workspaceId: string; readonly userId: string; readonly clientId: string };
  readonly signal: AbortSignal;
  readonly events: DownloadEvents;
}

/**
 * Brings every shape to this store and applies them checkpoint by checkpoint:
 *
 *     notify stream ─► arrivals ─► gate lets due shapes go ─► shape streams ─► logs ─► checkpoint at L ─► visible rows
 *
 * One event is handled at a time for each shape (its stream waits); one checkpoint at a time for all.
 */
export async function startDownload(options: DownloadOptions): Promise<Download> {
  const { ports, events } = options;
  const { cursors, lastApplied } = await readCursors(ports);
  await ports.database.transaction((transaction) => clearStaged(transaction));
  const failure = failureLatch(options.signal);
  const arrivals = createArrivals(tableNames, new Set(cursors.keys()), lastApplied);
  const gate = createShapeGate(options.relay, arrivals.isDue);
  const logs = new Map<TableName, ShapeLog>(tableNames.map((name) => [name, createShapeLog(name, cursors.get(name))]));
  const streams = new Map<TableName, AbortController>();
  let stagePosition = 0;
  let notify: NotifyStream | undefined;

  const pump = singleFlight(async () => {
    for (let lsn = arrivals.target(); lsn !== undefined; lsn = arrivals.target()) {
      const target = lsn;
      const due = [...logs.values()].flatMap((log) => {
        const shape = dueOf(log, target);
        return shape ? [{ log, shape }] : [];
      });
      if (due.length > 0) {
        const appliedAt = new Date(ports.clock.nowMs()).toISOString();
        const shapes = due.map(({ shape }) => shape);
        const result = await applyCheckpoint(ports.database, { lsn: target, clientId: options.ids.clientId, appliedAt, shapes });
        for (const { log, shape } of due) settle(log, shape);
        arrivals.applied(target);
        events.checkpoint(result);
        for (const name of result.refetch) restart(name);
      } else {
        arrivals.applied(target);
        events.checkpoint({ rowsWritten: 0, confirmedThrough: undefined, refetch: new Set() });
      }
    }
  }, failure.reject);

  const askForCheck = () => {
    if (notify) notify.askForCheck();
    else listen(true);
  };

  const listen = (fresh: boolean) => {
    notify = openNotifyStream({
      ports,
      relay: options.relay,
      workspaceId: options.ids.workspaceId,
      clientId: options.ids.clientId,
      fresh,
      last: arrivals.announced,
      signal: failure.signal,
      events: {
        connected: () => events.connected(true),
        disconnected: (cause) => events.connected(false, cause),
        check: (lsn) => {
          arrivals.check(lsn);
          gate.release();
          pump();
        },
        advance: (prev, lsn, shapes) => {
          arrivals.advance(prev, lsn, shapes);
          gate.release();
          pump();
        },
      },
    });
    notify.done.catch(failure.reject);
  };

  const beginSnapshot = async (name: TableName) => {
    arrivals.snapshotStarted(name);
    logs.set(name, createShapeLog(name, undefined));
    await ports.database.transaction((transaction) => clearStaged(transaction, name));
  };

  const eventsOf = (shape: TableName): ShapeEvents => ({
    refetch: () => beginSnapshot(shape).catch(failure.reject),
    async batch(raw, cursor) {
      try {
        const log = logs.get(shape);
        if (!log || failure.signal.aborted) return;
        const batch = readBatch(shape, raw);
        await takeBatch(ports.database, log, batch, cursor, (count) => (stagePosition += count) - count);
        events.received(batch.messages.length);
        if (batch.upToDate === undefined || logs.get(shape) !== log) return;
        arrivals.arrived(shape, batch.upToDate);
        if (log.snapshot) {
          log.snapshot = false;
          if (arrivals.snapshotFinished(shape)) askForCheck();
        }
        pump();
      } catch (error) {
        failure.reject(error);
      }
    },
    failed(status, cause) {
      failure.reject(cause instanceof SaldoError ? cause : statusFailure(status, shape, cause));
    },
  });

  const open = (shape: TableName, cursor: Cursor | undefined) => {
    const own = new AbortController();
    streams.set(shape, own);
    const query = new URLSearchParams({ scope: scopeOf(shape, options.ids), [streamMark]: ports.ids.next() });
    openShapeStream({
      shape,
      url: `${ports.serverUrl}/v1/shapes/${shape}?${query}`,
      cursor: cursor && cursor.handle !== null ? { handle: cursor.handle, offset: cursor.offset } : undefined,
      fetch: gate.fetchFor(shape),
      signal: AbortSignal.any([failure.signal, own.signal]),
      events: eventsOf(shape),
    });
  };

  const restart = (shape: TableName) => {
    ports.log("warn", "sync.shape_refetched", { shape });
    streams.get(shape)?.abort();
    beginSnapshot(shape).then(() => open(shape, undefined), failure.reject);
  };

  for (const name of tableNames) open(name, cursors.get(name));
  if (!arrivals.inSnapshot()) listen(false);
  return { wake: () => notify?.wake(), isCaughtUp: arrivals.isCaughtUp, done: failure.done };
}

async function readCursors(ports: SyncPorts): Promise<{ cursors: Map<TableName, Cursor>; lastApplied: bigint | undefined }> {
  const cursors = new Map<TableName, Cursor>();
  const checkpoint = await readSetting(ports.database, "sync.checkpoint");
  if (!checkpoint) return { cursors, lastApplied: undefined };
  for (const row of await ports.database.query(sql`select "name", "handle", "offset" from "sync_shape" where "status" = 'live'`)) {
    const { name, handle, offset } = row;
    if (isTableName(name) && typeof handle === "string" && typeof offset === "string") cursors.set(name, { handle, offset });
  }
  return { cursors, lastApplied: BigInt(checkpoint.lsn) };
}

/** What a shape's answer of this status means. */
function statusFailure(status: number, shape: TableName, cause: Error): SaldoError {
  if (status === 401) return new SaldoError("auth.required", {}, { cause });
  if (status === 403 || status === 404) return new SaldoError("workspace.not_found", { shape }, { cause });
  if (status === 426) return new SaldoError("relay.update_required", { shape }, { cause });
  return new SaldoError("sync.unexpected_answer", { shape, status }, { cause });
}

/** Keeps the first failure and ends everything with it. */
function failureLatch(outer: AbortSignal) {
  const inner = new AbortController();
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((resolve, fail) => {
    reject = (error) => {
      if (!outer.aborted) fail(error);
      inner.abort();
    };
    if (outer.aborted) resolve();
    outer.addEventListener("abort", () => resolve(), { once: true });
  });
  return { signal: AbortSignal.any([outer, inner.signal]), done, reject };
}

/** Runs a task once at a time; asked for while it runs, it runs again after. */
function singleFlight(task: () => Promise<void>, fail: (error: unknown) => void): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    do {
      again = false;
      await task();
    } while (again);
    running = false;
  };
  return () => {
    again = true;
    if (!running) run().catch(fail);
  };
}
