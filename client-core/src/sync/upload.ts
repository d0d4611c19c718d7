import { encodeUpload, SaldoError, uploadAnswer, uploadMutationsMax } from "@saldo/schema";
import { createBackoff } from "./backoff.ts";
import type { Identity } from "./identity.ts";
import { pendingAfter } from "./outbox.ts";
import type { SyncPorts } from "./ports.ts";
import { failureOf, retryAfterMs } from "./relay-answer.ts";
import type { Relay } from "./relay.ts";

/** What became of one upload. */
export type UploadOutcome =
  | { readonly kind: "nothing" }
  | { readonly kind: "sent"; readonly lastSeq: number; readonly refused: number }
  /** The server goes on from another number. */
  | { readonly kind: "gap"; readonly expected: number }
  /** The server knows this client id otherwise than this store does: it takes a new one. */
  | { readonly kind: "reused" }
  | { readonly kind: "too_large" }
  | { readonly kind: "failed"; readonly failure: SaldoError; readonly waitMs: number };

/** Sends the pending mutations after a number, at most one batch, and reads the answer. */
export async function uploadOnce(
  ports: Pick<SyncPorts, "database">,
  relay: Relay,
  who: { readonly clientId: string; readonly workspaceId: string },
  after: number,
  signal: AbortSignal,
  mutationsMax: number = uploadMutationsMax,
): Promise<UploadOutcome> {
  const batch = await pendingAfter(ports.database, after, mutationsMax);
  if (batch.length === 0) return { kind: "nothing" };
  const body = encodeUpload({ ...who, mutations: batch });
  const response = await relay.fetch("/v1/mutations", { method: "POST", signal, headers: { "content-type": "application/octet-stream" }, body });
  if (!response.ok) return refusalOf(await failureOf(response), retryAfterMs(response), batch.length);
  const answer = uploadAnswer.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) return { kind: "failed", failure: new SaldoError("sync.unexpected_answer", { what: "upload" }), waitMs: 0 };
  return { kind: "sent", lastSeq: answer.data.lastSeq, refused: answer.data.verdicts.filter((verdict) => verdict.outcome === "rejected").length };
}

function refusalOf(failure: SaldoError, waitMs: number, mutations: number): UploadOutcome {
  switch (failure.code) {
    case "relay.sequence_gap":
      return typeof failure.detail["expected"] === "number" ? { kind: "gap", expected: failure.detail["expected"] } : { kind: "failed", failure, waitMs };
    case "relay.sequence_reused":
      return { kind: "reused" };
    case "relay.too_large":
      return mutations > 1 ? { kind: "too_large" } : { kind: "failed", failure, waitMs };
    default:
      return { kind: "failed", failure, waitMs };
  }
}

/** A running upload loop. */
export interface Uploader {
  /** Something new may be pending. */
  kick(): void;
  /** Tries at once if it is waiting. */
  wake(): void;
  /** Highest number the server has answered. */
  sentThrough(): number;
  /** Resolves with {@link NewIdentity} when this store needs a new client id, "stopped" when the signal aborts; rejects with a final failure. */
  readonly done: Promise<NewIdentity | "stopped">;
}

/** Why and how a store takes a new client id: what was answered after `replayAfter` is sent again; null when the server still has all of it. */
export interface NewIdentity {
  readonly replayAfter: number | null;
}

interface UploaderOptions {
  readonly ports: SyncPorts;
  readonly relay: Relay;
  readonly identity: Identity;
  readonly workspaceId: string;
  readonly signal: AbortSignal;
  readonly onAnswer: () => void;
  readonly onFailure: (failure: SaldoError) => void;
}

/**
 * Sends pending mutations in order, one batch at a time: the relay applies a client's mutations one after another anyway, and one request
 * in flight leaves nothing to reorder. A batch is retried until it is answered; exactly once is the relay's part.
 */
export function startUploader({ ports, relay, identity, workspaceId, signal, onAnswer, onFailure }: UploaderOptions): Uploader {
  const backoff = createBackoff(ports.clock, ports.random);
  const who = { clientId: identity.clientId, workspaceId };
  let sent = identity.lastSeq;
  let kicked = true;
  let mutationsMax = uploadMutationsMax;
  let ring: () => void = () => undefined;

  const kick = () => {
    kicked = true;
    ring();
  };
  const rest = () =>
    new Promise<void>((resolve) => {
      ring = resolve;
      if (kicked || signal.aborted) resolve();
    });
  signal.addEventListener("abort", () => ring(), { once: true });

  const step = async (): Promise<NewIdentity | undefined> => {
    const outcome = await withTimeout(ports.clock, signal, (limited) => uploadOnce(ports, relay, who, sent, limited, mutationsMax)).catch(failed);
    switch (outcome.kind) {
      case "nothing":
        await rest();
        kicked = false;
        return undefined;
      case "sent":
        backoff.reset();
        mutationsMax = uploadMutationsMax;
        sent = Math.max(sent, outcome.lastSeq);
        ports.log("info", "sync.uploaded", { through: sent, refused: outcome.refused });
        onAnswer();
        return undefined;
      case "gap": {
        const [next] = await pendingAfter(ports.database, outcome.expected - 1, 1);
        // What it asks for was answered once: the server has gone back to before it.
        if (next?.seq !== outcome.expected) return { replayAfter: outcome.expected - 1 };
        sent = outcome.expected - 1;
        // The same gap again and again must not become a tight loop.
        await backoff.wait(signal);
        return undefined;
      }
      case "reused":
        return { replayAfter: null };
      case "too_large":
        mutationsMax = Math.max(1, Math.floor(mutationsMax / 4));
        return undefined;
      case "failed":
        if (signal.aborted) return undefined;
        if (!outcome.failure.retryable) throw outcome.failure;
        onFailure(outcome.failure);
        await backoff.wait(signal, outcome.waitMs);
        return undefined;
    }
  };
  const run = async (): Promise<NewIdentity | "stopped"> => {
    while (!signal.aborted) {
      const renewal = await step();
      if (renewal) return renewal;
    }
    return "stopped";
  };
  return { kick, wake: backoff.wake, sentThrough: () => sent, done: run() };
}

/** Longest wait for the answer to one upload; beyond it the connection counts as dead. */
const uploadTimeoutMs = 60_000;

async function withTimeout<Result>(clock: SyncPorts["clock"], signal: AbortSignal, work: (limited: AbortSignal) => Promise<Result>): Promise<Result> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(uploadTimeoutMs, AbortSignal.any([signal, done.signal])).then(() => late.abort());
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    done.abort();
  }
}

function failed(cause: unknown): UploadOutcome {
  if (cause instanceof SaldoError) return { kind: "failed", failure: cause, waitMs: 0 };
  throw cause;
}
