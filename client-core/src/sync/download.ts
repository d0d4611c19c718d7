import { SaldoError, tableNames, type TableName } from "@saldo/schema";
import { nextTurn } from "../next-turn.ts";
import type { CheckpointResult } from "./checkpoint.ts";
import { createCheckpointer } from "./checkpointer.ts";
import { openNotifyStream, type NotifyStream } from "./notify.ts";
import type { SyncPorts } from "./ports.ts";
import type { Relay } from "./relay.ts";
import { createRecounter } from "./recounter.ts";
import { createShapeGate, streamMark } from "./shape-gate.ts";
import type { Cursor } from "./shape-log.ts";
import { openShapeStream, type ShapeEvents } from "./shape-stream.ts";
import { slicedAnswers } from "./sliced-answer.ts";
import { openSnapshotStream, type SnapshotStream } from "./snapshot-stream.ts";
import { verifyRows, type Verification } from "./verify.ts";
import { scopeOf } from "./workspace.ts";

/** Pause after each slice of a long answer while an upload is under way: some twenty thousand rows a second still come. */
const pauseWhileSendingMs = 10;

/** What the download tells. */
export interface DownloadEvents {
  /** The notify stream is there, or is gone. */
  connected(isConnected: boolean, cause?: SaldoError): void;
  /** Messages arrived. */
  received(messages: number): void;
  /** A checkpoint was reached; `rowsWritten` is 0 when nothing visible changed. */
  checkpoint(result: CheckpointResult): void;
}

/** A running download. */
export interface Download {
  /** Tries at once if it is waiting. */
  wake(): void;
  /** The upload was answered: a checkpoint that waited for that may go. */
  answered(): void;
  /** True when all that was announced is applied. */
  isCaughtUp(): boolean;
  /** Reads all stored rows again and compares them with the server's; one comparison at a time. See {@link verifyRows}. */
  verify(): Promise<Verification>;
  /** Resolves when the signal aborts; rejects with a failure of the store or a final one of the server. */
  readonly done: Promise<void>;
  /** After its end: resolves when nothing of it works on the store any more. */
  atRest(): Promise<void>;
}

interface DownloadOptions {
  readonly ports: SyncPorts;
  readonly relay: Relay;
  readonly ids: { readonly workspaceId: string; readonly userId: string; readonly clientId: string; readonly generation: string };
  /** The upload beside it: a checkpoint waits for the answer to what it would confirm. */
  readonly upload: { sentThrough(): number; seenAt(serverSeq: number): void; isSending(): boolean };
  readonly signal: AbortSignal;
  readonly events: DownloadEvents;
}

/**
 * Brings every shape to this store and applies them checkpoint by checkpoint:
 *
 *     notify stream ─► arrivals ─► gate lets due shapes go ─► shape streams ─► logs ─► checkpoint at L ─► visible rows
 *                                               snapshot streams ─► load tables ───────────▲
 *
 * One event is handled at a time for each shape (its stream waits); one checkpoint at a time for all.
 */
export async function startDownload({ ports, relay, ids, upload, signal, events }: DownloadOptions): Promise<Download> {
  const failure = failureLatch(signal);
  const work = workUnderWay();
  const streams = new Map<TableName, AbortController>();
  const snapshots = new Set<SnapshotStream>();
  let notify: NotifyStream | undefined;

  const checkpointer = await createCheckpointer({
    database: ports.database,
    clientId: ids.clientId,
    now: () => new Date(ports.clock.nowMs()).toISOString(),
    askForCheck: () => (notify ? notify.askForCheck() : listen(true)),
    restart(shape) {
      ports.log("warn", "sync.shape_refetched", { shape });
      beginAnew(shape);
    },
    reached(result) {
      events.checkpoint(result);
      for (const { shape, rowsHere, rowsThere } of result.compared.different) ports.log("warn", "sync.sum_differs", { shape, rowsHere, rowsThere });
      recount();
    },
    sentThrough: () => upload.sentThrough(),
    awaitsAnswer: (serverSeq) => upload.seenAt(serverSeq),
  });
  const { arrivals, cursors, loading } = checkpointer;
  const gate = createShapeGate(relay, arrivals);
  const pump = singleFlight(() => work.track(checkpointer.advance(failure.signal)), failure.reject);

  const recounter = createRecounter({
    ports,
    signal: failure.signal,
    counted(shape) {
      checkpointer.counted(shape);
      pump();
    },
    damaged: beginAnew,
  });
  const recount = singleFlight(() => work.track(recounter.run()), failure.reject);

  function listen(fresh: boolean): void {
    const announced = () => {
      gate.release();
      pump();
    };
    notify = openNotifyStream({
      ports,
      relay,
      workspaceId: ids.workspaceId,
      clientId: ids.clientId,
      generation: ids.generation,
      fresh,
      last: arrivals.announced,
      signal: failure.signal,
      events: {
        connected: () => events.connected(true),
        disconnected(cause) {
          // What else is under way on a dead connection would wait for ever.
          gate.cut();
          events.connected(false, cause);
        },
        check(lsn, sums) {
          arrivals.check(lsn, sums);
          announced();
        },
        advance(prev, lsn, shapes, sums) {
          arrivals.advance(prev, lsn, shapes, sums);
          announced();
        },
      },
    });
    notify.done.catch(failure.reject);
  }

  const eventsOf = (shape: TableName): ShapeEvents => ({
    async refetch() {
      beginAnew(shape);
    },
    async batch(raw, cursor) {
      try {
        events.received(await work.track(checkpointer.batch(shape, raw, cursor)));
        pump();
      } catch (error) {
        failure.reject(error);
      }
    },
    async text(slice, cursor) {
      try {
        const taken = await work.track(checkpointer.text(shape, slice, cursor));
        if (taken === undefined) return false;
        events.received(taken);
        pump();
      } catch (error) {
        failure.reject(error);
      }
      return true;
    },
    failed: (status, cause) => failure.reject(cause instanceof SaldoError ? cause : statusFailure(status, shape, cause)),
  });

  function beginAnew(shape: TableName): void {
    streams.get(shape)?.abort();
    work.track(checkpointer.refetch(shape)).then(() => load(shape, undefined), failure.reject);
  }

  const addressOf = (shape: TableName, parameters: Readonly<Record<string, string>> = {}) =>
    `${ports.serverUrl}/v1/shapes/${shape}?${new URLSearchParams({ scope: scopeOf(shape, ids), ...parameters })}`;
  const begin = (shape: TableName): AbortSignal => {
    const own = new AbortController();
    streams.set(shape, own);
    return AbortSignal.any([failure.signal, own.signal]);
  };

  let isLost = false;
  /** Many snapshots that fail at once are one loss. */
  const reachable = (isReachable: boolean, cause?: SaldoError) => {
    if (isLost !== isReachable) return;
    isLost = !isReachable;
    events.connected(isReachable, cause);
  };

  /** Fetches the snapshot; where it ends the stream goes on. */
  function load(shape: TableName, cursor: Cursor | undefined): void {
    const ending = begin(shape);
    const snapshot = openSnapshotStream({
      ports,
      url: addressOf(shape),
      cursor,
      fetch: gate.fetchFor(shape),
      signal: ending,
      events: { ...eventsOf(shape), refetch: () => work.track(checkpointer.refetch(shape)), reachable },
    });
    snapshots.add(snapshot);
    const goOn = async () => {
      const end = await snapshot.done;
      snapshots.delete(snapshot);
      if (end && !ending.aborted) open(shape, end);
    };
    goOn().catch(failure.reject);
  }

  /** Between two slices of a long answer. What is still to be sent goes before what comes back of it: both take the same processor, often the server's too. */
  const pause = () => (upload.isSending() ? ports.clock.sleep(pauseWhileSendingMs, failure.signal) : nextTurn());

  function open(shape: TableName, cursor: Cursor): void {
    const [ending, shapeEvents] = [begin(shape), eventsOf(shape)];
    openShapeStream({
      url: addressOf(shape, { [streamMark]: ports.ids.next() }),
      cursor: cursor.handle === null ? undefined : { handle: cursor.handle, offset: cursor.offset },
      fetch: slicedAnswers(gate.fetchFor(shape), { ...shapeEvents, pause }),
      signal: ending,
      events: shapeEvents,
    });
  }

  // Until it is given to whoever waits for the end, a failure must not count as unhandled.
  failure.done.catch(() => undefined);
  for (const name of tableNames) {
    // Thirty requests at once would keep a screen waiting.
    await nextTurn();
    if (failure.signal.aborted) break;
    if (streams.has(name)) continue;
    const cursor = cursors.get(name);
    if (cursor) open(name, cursor);
    else load(name, loading.get(name));
  }
  let verifying: Promise<Verification> | undefined;
  function verify(): Promise<Verification> {
    verifying ??= work
      .track(verifyRows({ ports, relay, ids, recounter, isCaughtUp: arrivals.isCaughtUp, refetch: beginAnew, signal: failure.signal }))
      .finally(() => (verifying = undefined));
    return verifying;
  }

  if (!arrivals.inSnapshot()) listen(false);
  recount();
  const wake = () => {
    notify?.wake();
    for (const snapshot of snapshots) snapshot.wake();
  };
  return { wake, answered: pump, isCaughtUp: arrivals.isCaughtUp, verify, done: failure.done, atRest: work.settled };
}

/** What a shape's answer of this status means. */
function statusFailure(status: number, shape: TableName, cause: Error): SaldoError {
  if (status === 401) return new SaldoError("auth.required", {}, { cause });
  if (status === 403 || status === 404) return new SaldoError("relay.shape_unknown", { shape }, { cause });
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

/** Keeps sight of promises until they settle. */
function workUnderWay() {
  const running = new Set<Promise<unknown>>();
  return {
    track<Value>(promise: Promise<Value>): Promise<Value> {
      running.add(promise);
      const forget = () => void running.delete(promise);
      promise.then(forget, forget);
      return promise;
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
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
