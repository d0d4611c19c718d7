import * as Y from "yjs";

/** Pauses and delays, passed in so that tests own them. */
export interface Timers {
  /** Runs something after a while. Returns how to call it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** How a note stands. */
export interface NoteStatus {
  readonly state: "loading" | "saved" | "saving" | "failed";
  /** Why it could not be read or kept, when `failed`. */
  readonly error: unknown;
  /** Parts of the note whose stored bytes cannot be read. */
  readonly unreadableRows: number;
}

/** What is typed is kept after a pause this long, */
const pauseMs = 500;
/** but no later than this after the first of it, */
const unsavedMsMax = 3_000;
/** or once it is this large. */
const unsavedBytesMax = 32 * 1024;
/** Largest update handed on at once; `note.append` takes twice that. */
const updateBytesMax = 128 * 1024;
/** Updates held apart; beyond, they are merged. */
const unsavedUpdatesMax = 200;
const retryDelayMs = 4_000;
/** Attempts made while closing. */
const closeAttemptsMax = 5;
const closeRetryDelayMs = 300;

/** Keeps a note's local updates: gathered, merged, in order, again after a failure. */
export interface NoteSaver {
  status(): NoteStatus;
  /** The note was read; so many of its rows could not be. */
  loaded(unreadableRows: number): void;
  /** The note cannot be read. */
  failed(error: unknown): void;
  add(update: Uint8Array): void;
  /** Updates no state has shown yet: not kept, on their way, or kept a moment ago. */
  unseen(): readonly Uint8Array[];
  /** A state was read that has each client's letters up to these clocks. */
  seen(clocks: ReadonlyMap<number, number>): void;
  /** Drops what no state has shown yet. */
  forget(): void;
  /** Keeps all there is. Rejects with the failure. */
  flush(): Promise<void>;
  /** The last flush, tried several times; no timer runs after it. */
  close(): Promise<void>;
}

/** Makes a {@link NoteSaver} over what keeps one update. */
export function createNoteSaver(append: (update: Uint8Array) => Promise<void>, timers: Timers, onStatus: (status: NoteStatus) => void): NoteSaver {
  let waiting: Uint8Array[] = [];
  let onTheWay: Uint8Array[] = [];
  let kept: Uint8Array[] = [];
  let running: Promise<void> | undefined;
  let status: NoteStatus = { state: "loading", error: undefined, unreadableRows: 0 };
  let isLoaded = false;
  let readFailure: { readonly error: unknown } | undefined;
  let closed = false;
  let cancelPause = () => {};
  let cancelDeadline: (() => void) | undefined;

  const tell = (next: Partial<NoteStatus>): void => {
    const before = status;
    status = { ...status, ...next };
    if (before.state !== status.state || before.error !== status.error || before.unreadableRows !== status.unreadableRows) onStatus(status);
  };
  /** How things stand when nothing waits to be kept. */
  const settled = (): Partial<NoteStatus> => (readFailure === undefined ? { state: isLoaded ? "saved" : "loading", error: undefined } : { state: "failed", error: readFailure.error });

  const cancelTimers = (): void => {
    cancelPause();
    cancelDeadline?.();
    cancelDeadline = undefined;
  };
  const saveQuietly = (): void => void save().catch(() => undefined);

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      onTheWay = takeBatch(waiting);
      waiting = waiting.slice(onTheWay.length);
      tell({ state: "saving", error: undefined });
      try {
        const update = merged(onTheWay);
        await append(update);
        kept.push(update);
        if (kept.length > unsavedUpdatesMax) kept = mergedParts(kept);
        onTheWay = [];
      } catch (error) {
        waiting = [...onTheWay, ...waiting];
        onTheWay = [];
        tell({ state: "failed", error });
        if (!closed) cancelPause = timers.after(retryDelayMs, saveQuietly);
        throw error;
      }
    }
    tell(settled());
  };

  const save = (): Promise<void> => {
    if (running !== undefined) return running;
    cancelTimers();
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    status: () => status,
    loaded(unreadableRows) {
      isLoaded = true;
      readFailure = undefined;
      const isIdle = waiting.length === 0 && onTheWay.length === 0;
      tell({ unreadableRows, ...(isIdle ? settled() : {}) });
    },
    failed(error) {
      readFailure = { error };
      tell(settled());
    },
    add(update) {
      if (closed) return;
      waiting.push(update);
      if (waiting.length > unsavedUpdatesMax) waiting = mergedParts(waiting);
      tell({ state: "saving", error: undefined });
      cancelPause();
      if (bytesOf(waiting) >= unsavedBytesMax) return saveQuietly();
      cancelPause = timers.after(pauseMs, saveQuietly);
      cancelDeadline ??= timers.after(unsavedMsMax, saveQuietly);
    },
    unseen: () => [...kept, ...onTheWay, ...waiting],
    seen(clocks) {
      kept = kept.filter((update) => [...Y.parseUpdateMeta(update).to].some(([client, clock]) => (clocks.get(client) ?? 0) < clock));
    },
    forget() {
      kept = [];
      waiting = [];
      cancelTimers();
    },
    flush: save,
    async close() {
      closed = true;
      for (let attempt = 1; ; attempt++) {
        try {
          // One more after a save that was already under way: it may have left out what came last.
          await save();
          await save();
          return;
        } catch (error) {
          if (attempt === closeAttemptsMax) throw error;
          await new Promise<void>((resolve) => void timers.after(closeRetryDelayMs, resolve));
        }
      }
    },
  };
}

/** The first updates that fit into one. */
function takeBatch(updates: readonly Uint8Array[]): Uint8Array[] {
  const batch: Uint8Array[] = [];
  let bytes = 0;
  for (const update of updates) {
    if (batch.length > 0 && bytes + update.byteLength > updateBytesMax) break;
    batch.push(update);
    bytes += update.byteLength;
  }
  return batch;
}

/** The same updates in as few as may be handed on. */
function mergedParts(updates: readonly Uint8Array[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let rest = updates; rest.length > 0; ) {
    const batch = takeBatch(rest);
    parts.push(merged(batch));
    rest = rest.slice(batch.length);
  }
  return parts;
}

function merged(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates;
  return only !== undefined && updates.length === 1 ? only : Y.mergeUpdates([...updates]);
}

function bytesOf(updates: readonly Uint8Array[]): number {
  return updates.reduce((bytes, update) => bytes + update.byteLength, 0);
}
