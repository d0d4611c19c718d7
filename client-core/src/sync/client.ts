import { isErrorCode, SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { createBackoff } from "./backoff.ts";
import { failureNotes } from "./failures.ts";
import { outboxState, pruneOutbox } from "./outbox.ts";
import type { SyncPorts } from "./ports.ts";
import { createRelay, type Relay } from "./relay.ts";
import { runSession, type Session } from "./session.ts";
import { readSetting } from "./settings.ts";
import { statusOf, transitions, type ConnectionEvent, type ConnectionState, type StatusFacts, type SyncProblem, type SyncStatus } from "./status.ts";
import { createTokens, type TokenSource } from "./tokens.ts";
import type { Verification } from "./verify.ts";

/** What a sync client is made of. */
export interface SyncClientOptions extends SyncPorts {
  readonly tokenSource: TokenSource;
  /** The workspace a store that was never synced is bound to; the person's first when left out. */
  readonly workspaceId?: string;
}

/** How far a sync has come. */
export interface SyncProgress {
  readonly pendingChanges: number;
  /** Messages received since the start. */
  readonly messagesReceived: number;
}

/** The device's side of sync. */
export interface SyncClient {
  /** Begins to sync and goes on until stopped. Idempotent; after a sign-in it begins anew. */
  start(): void;
  /** Ends all requests; what is recorded stays. Resolves when nothing runs any more. */
  stop(): Promise<void>;
  /** Tries at once instead of waiting: for when the network or the screen is back. */
  now(): void;
  /**
   * Reads all stored rows again and compares them with the server's; shapes that differ are fetched again. Throws `SaldoError` `sync.unreachable` when
   * not connected.
   */
  verify(): Promise<Verification>;
  /** Requests with the same session, for what travels beside rows. */
  readonly relay: Relay;
  status(): SyncStatus;
  /** Calls back on every change of the status. Returns the function that stops it. */
  onStatus(listener: (status: SyncStatus) => void): () => void;
  /**
   * Sends all that is pending, receives up to a checkpoint that includes it, and stops. Throws the `SaldoError` that prevents it
   * (`sync.unreachable`, `auth.required`, `workspace.not_found`, …); `sync.stopped` when the signal aborts.
   */
  syncOnce(options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: SyncProgress) => void }): Promise<SyncStatus>;
}

/** Most problems a status lists. */
const problemsMax = 100;
/** How often in a row the server may not know this device or a shape before a person hears of it: registering again usually mends that. */
const unknownInRowMax = 3;
/** How often in a row `syncOnce` loses the connection before it gives up. */
const lostInRowMax = 5;
/** How often answered mutations that are old enough are removed from the outbox. */
const pruneEveryMs = 24 * 60 * 60 * 1_000;
const mendedByRegistering: ReadonlySet<string> = new Set(["relay.client_unknown", "relay.shape_unknown"]);

/** Makes the sync client of a store. It does nothing until started. */
export function createSyncClient(options: SyncClientOptions): SyncClient {
  const tokens = createTokens(options.tokenSource, options.clock);
  const relay = createRelay(options, tokens);
  const backoff = createBackoff(options.clock, options.random);
  const failures = failureNotes(options);
  const listeners = new Set<(status: SyncStatus) => void>();
  let connection: ConnectionState = "stopped";
  let session: Session | undefined;
  let failure: SaldoError | undefined;
  let messagesReceived = 0;
  let unknownInRow = 0;
  let lostInRow = 0;
  let hasConnected = false;
  let current = statusOf({ connection, pendingChanges: 0, isCaughtUp: false, lastSyncedAt: null, problems: [] });
  let running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;

  /** What a mutation that was recorded leaves as it is: an import records hundreds. Absent when it has to be read. */
  let kept: Promise<KeptFacts> | undefined;
  const refreshPending = coalesced(async () => {
    const { pending } = await outboxState(options.database);
    kept ??= keptFacts(options).catch((cause: unknown) => {
      kept = undefined;
      throw cause;
    });
    const { lastSyncedAt, rejections } = await kept;
    const problems = failure && connection === "refused" ? [{ code: failure.code }, ...rejections] : rejections;
    const isCaughtUp = session?.download.isCaughtUp() ?? false;
    const next = statusOf({ connection, pendingChanges: pending, isCaughtUp, lastSyncedAt, problems });
    if (JSON.stringify(next) === JSON.stringify(current)) return;
    current = next;
    for (const listener of listeners) listener(next);
  });
  const refresh = () => {
    kept = undefined;
    refreshPending();
  };

  const happen = (event: ConnectionEvent, cause?: SaldoError) => {
    const next = transitions[connection][event];
    if (next !== connection) options.log("info", "sync.connection", { from: connection, to: next, ...(cause ? { code: cause.code } : {}) });
    connection = next;
    failure = cause;
    if (cause && connection !== "stopped") failures.note(cause.code);
    if (event === "connected") failures.over();
    if (event === "connected") hasConnected = true;
    lostInRow = event === "connected" ? 0 : event === "lost" ? lostInRow + 1 : lostInRow;
    refresh();
  };

  /** For one who waits for the end: what trying on would not soon mend. */
  const isHopeless = () =>
    connection === "signed_out" ||
    connection === "refused" ||
    (connection === "waiting" && (lostInRow > lostInRowMax || (!hasConnected && failure?.code === "sync.unreachable")));

  let prunedAtMs = Number.NEGATIVE_INFINITY;
  const prune = async () => {
    const nowMs = options.clock.nowMs();
    if (nowMs - prunedAtMs < pruneEveryMs) return;
    prunedAtMs = nowMs;
    await pruneOutbox(options.database, nowMs);
  };

  const runUntilStopped = async (signal: AbortSignal) => {
    const unsubscribe = options.database.onCommit((changed) => {
      if (!changed.has("sync_outbox") && !changed.has("rejection")) return;
      session?.uploader.kick();
      if (changed.has("rejection")) refresh();
      else refreshPending();
    });
    try {
      await prune();
      while (!signal.aborted) {
        try {
          await runSession({ ports: options, relay, tokens, workspaceId: options.workspaceId, signal, events });
        } catch (error) {
          if (signal.aborted) break;
          const cause = asFailure(error);
          options.log(cause.retryable ? "warn" : "error", "sync.session_ended", { code: cause.code, ...placeOf(cause) });
          const mayMend = mendedByRegistering.has(cause.code) && ++unknownInRow <= unknownInRowMax;
          if (!cause.retryable && !mayMend) return happen(cause.code === "auth.required" ? "session_over" : "refused", cause);
          happen("lost", cause);
          await backoff.wait(signal);
          happen("retry");
        } finally {
          session = undefined;
        }
      }
    } finally {
      unsubscribe();
    }
  };

  const events = {
    opened(opened: Session) {
      session = opened;
      // What was recorded meanwhile told nobody.
      opened.uploader.kick();
    },
    connected(isConnected: boolean, cause?: SaldoError) {
      if (isConnected) backoff.reset();
      happen(isConnected ? "connected" : "lost", cause);
    },
    received(messages: number) {
      messagesReceived += messages;
      // Also when there was nothing new: that nothing is missing is news to a status.
      refresh();
    },
    checkpoint() {
      unknownInRow = 0;
      refresh();
      // What it did not remove today it removes tomorrow.
      prune().catch(() => undefined);
    },
    uploaded: () => happen("connected"),
    uploadFailed: (cause: SaldoError) => happen("lost", cause),
  };

  const client: SyncClient = {
    relay,
    start() {
      if (running && connection !== "signed_out" && connection !== "refused") return;
      const before = running?.done ?? Promise.resolve();
      const stop = new AbortController();
      happen("start");
      const done = before.then(() => runUntilStopped(stop.signal)).catch((error: unknown) => happen("refused", asFailure(error)));
      running = { stop, done };
    },
    async stop() {
      running?.stop.abort(new SaldoError("sync.stopped"));
      await running?.done;
      running = undefined;
      happen("stop");
      await failures.settled();
      await refreshPending.settled();
    },
    now() {
      // What was final then may not be any more: the app was updated, or the person was let in again.
      if (connection === "refused") client.start();
      backoff.wake();
      session?.uploader.wake();
      session?.download.wake();
    },
    async verify() {
      if (!session) throw new SaldoError("sync.unreachable", { what: "sums" });
      return session.download.verify();
    },
    status: () => current,
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async syncOnce({ signal, onProgress } = {}) {
      messagesReceived = 0;
      lostInRow = 0;
      hasConnected = false;
      try {
        return await new Promise<SyncStatus>((resolve, reject) => {
          const look = () => {
            onProgress?.({ pendingChanges: current.pendingChanges, messagesReceived });
            if (failure && isHopeless()) return reject(failure);
            const isDone = connection === "running" && current.pendingChanges === 0 && session?.download.isCaughtUp() === true;
            if (isDone && (current.state === "saved" || current.state === "needs_attention")) resolve(current);
          };
          refreshPending.after(look);
          signal?.addEventListener("abort", () => reject(new SaldoError("sync.stopped")), { once: true });
          if (signal?.aborted) reject(new SaldoError("sync.stopped"));
          else client.start();
        });
      } finally {
        refreshPending.after(undefined);
        await client.stop();
      }
    },
  };
  return client;
}

interface KeptFacts extends Pick<StatusFacts, "lastSyncedAt"> {
  readonly rejections: readonly SyncProblem[];
}

async function keptFacts(ports: SyncPorts): Promise<KeptFacts> {
  const checkpoint = await readSetting(ports.database, "sync.checkpoint");
  return { lastSyncedAt: checkpoint?.appliedAt ?? null, rejections: await openProblems(ports) };
}

async function openProblems({ database }: SyncPorts): Promise<SyncProblem[]> {
  const rows = await database.query(sql`select "id", "code", "mutation" from "rejection" where "status" = 'open' order by "id" limit ${sql.raw(String(problemsMax))}`);
  return rows.map(({ id, code, mutation }) => ({
    code: isErrorCode(code) ? code : "mutation.unknown",
    rejectionId: String(id),
    mutation: String(mutation),
  }));
}

/** Where in the code an unforeseen failure came from; its message may hold what a log must not. */
function placeOf({ cause }: SaldoError): { readonly fault?: string } {
  return cause instanceof Error && !(cause instanceof SaldoError) ? { fault: `${cause.name}${cause.stack?.split("\n").find((line) => /^\s+at /.test(line)) ?? ""}` } : {};
}

function asFailure(error: unknown): SaldoError {
  return error instanceof SaldoError ? error : new SaldoError("sync.unexpected_answer", { what: "session" }, { cause: error });
}

/** Runs a task once at a time, and once more when asked for while it ran; `after` is called each time it has run. */
function coalesced(task: () => Promise<void>) {
  let running: Promise<void> | undefined;
  let again = false;
  let listener: (() => void) | undefined;
  const run = async () => {
    do {
      again = false;
      // A store that is closing has no status to tell.
      await task().catch(() => undefined);
      listener?.();
    } while (again);
    running = undefined;
  };
  const ask = () => {
    again = true;
    running ??= run();
  };
  return Object.assign(ask, {
    after: (next: (() => void) | undefined) => {
      listener = next;
    },
    settled: () => running ?? Promise.resolve(),
  });
}
