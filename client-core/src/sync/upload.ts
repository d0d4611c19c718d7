import { encodeUpload, generationHeader, SaldoError, uploadAnswer, uploadMutationsMax, type UploadMutation } from "@saldo/schema";
import { nextTurn } from "../next-turn.ts";
import { createBackoff } from "./backoff.ts";
import type { SqlReader } from "../store/local-database.ts";
import type { Identity } from "./identity.ts";
import { pendingAfter, type Settled } from "./outbox.ts";
import type { SyncPorts } from "./ports.ts";
import { failureOf, retryAfterMs } from "./relay-answer.ts";
import type { Relay } from "./relay.ts";

/** What became of one upload. */
export type UploadOutcome =
  | { readonly kind: "nothing" }
  /** `answeredThroughSeq` is less than `throughSeq` where verdicts are forgotten: what comes a second time after long. */
  | { readonly kind: "sent"; readonly throughSeq: number; readonly answeredThroughSeq: number; readonly refused: number }
  /** The server goes on from another number. */
  | { readonly kind: "gap"; readonly expected: number }
  /** The server knows a number otherwise than this store does: this store takes a new client id. What came before is the server's. */
  | { readonly kind: "reused"; readonly seq: number }
  | { readonly kind: "too_large" }
  | { readonly kind: "failed"; readonly failure: SaldoError; readonly waitMs: number };

/** Who uploads: a client id stands for one generation of the server's database, and only there its numbers mean anything. */
export interface Uploading {
  readonly clientId: string;
  readonly workspaceId: string;
  readonly generation: string;
}

/** A longer body is made in one turn and sent in another, so that a screen has its own between them. */
const bodyBytesTogetherMax = 1024 * 1024;

/** Sends the pending mutations after a number, at most one batch, and reads the answer. */
export async function uploadOnce(
  ports: Pick<SyncPorts, "database">,
  relay: Relay,
  { generation, ...who }: Uploading,
  after: number,
  signal: AbortSignal,
  mutationsMax: number = uploadMutationsMax,
): Promise<UploadOutcome> {
  const batch = await pendingAfter(ports.database, after, mutationsMax);
  if (batch.length === 0) return { kind: "nothing" };
  const body = encodeUpload({ ...who, mutations: batch });
  // What sends it copies it more than once, all in one turn.
  if (body.byteLength > bodyBytesTogetherMax) await nextTurn();
  const response = await relay.fetch("/v1/mutations", { method: "POST", signal, headers: { "content-type": "application/octet-stream", [generationHeader]: generation }, body });
  if (!response.ok) return refusalOf(await failureOf(response), retryAfterMs(response), batch);
  const answer = uploadAnswer.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) return { kind: "failed", failure: new SaldoError("sync.unexpected_answer", { what: "upload" }), waitMs: 0 };
  // Not the server's last number: it may have been another copy of this store that came so far.
  const { verdicts } = answer.data;
  const answered = new Set(verdicts.map(({ seq }) => seq));
  const firstUnanswered = batch.find(({ seq }) => !answered.has(seq));
  const throughSeq = batch.at(-1)?.seq ?? after;
  return {
    kind: "sent",
    throughSeq,
    answeredThroughSeq: firstUnanswered ? firstUnanswered.seq - 1 : throughSeq,
    refused: verdicts.filter((verdict) => verdict.outcome === "rejected").length,
  };
}

function refusalOf(failure: SaldoError, waitMs: number, batch: readonly UploadMutation[]): UploadOutcome {
  const firstSeq = batch[0]?.seq ?? 0;
  switch (failure.code) {
    case "relay.sequence_gap":
      return typeof failure.detail["expected"] === "number" ? { kind: "gap", expected: failure.detail["expected"] } : { kind: "failed", failure, waitMs };
    case "relay.sequence_reused":
      return { kind: "reused", seq: typeof failure.detail["seq"] === "number" ? failure.detail["seq"] : firstSeq };
    case "relay.too_large":
      return batch.length > 1 ? { kind: "too_large" } : { kind: "failed", failure, waitMs };
    default:
      return { kind: "failed", failure, waitMs };
  }
}

/** What the server has when it asks for a number this store does not have to send: it was answered once, so the server has gone back to before it. */
export async function settledByGap(database: SqlReader, expected: number): Promise<Settled | undefined> {
  const [next] = await pendingAfter(database, expected - 1, 1);
  return next?.seq === expected ? undefined : { throughSeq: expected - 1, serverWentBack: true };
}

/** A running upload loop. */
export interface Uploader {
  /** Something new may be pending. */
  kick(): void;
  /** Tries at once if it is waiting. */
  wake(): void;
  /** The server was seen to have mutations of this client through a number. */
  seenAt(serverSeq: number): void;
  /** Highest number of which the server has answered that it has this store's own. */
  sentThrough(): number;
  /** True while an upload is under way. */
  isSending(): boolean;
  /** Resolves with what the server has when this store needs a new client id, "stopped" when the signal aborts; rejects with a final failure. */
  readonly done: Promise<Settled | "stopped">;
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
  const who = { clientId: identity.clientId, generation: identity.generation, workspaceId };
  let sent = identity.lastSeq;
  /** Last number the server was seen to have. */
  let claimed = sent;
  let kicked = true;
  let isSending = false;
  let mutationsMax = uploadMutationsMax;
  let ring: () => void = () => undefined;

  const kick = () => {
    kicked = true;
    ring();
  };
  /** Sends nothing new while nothing is pending: then a number of the server beyond ours is another copy's. */
  const isForeign = async () => claimed > sent && (await pendingAfter(ports.database, sent, 1)).length === 0;
  const rest = () =>
    new Promise<void>((resolve) => {
      ring = resolve;
      if (kicked || signal.aborted) resolve();
    });
  signal.addEventListener("abort", () => ring(), { once: true });

  const step = async (): Promise<Settled | undefined> => {
    isSending = true;
    const outcome = await withTimeout(ports.clock, signal, (limited) => uploadOnce(ports, relay, who, sent, limited, mutationsMax)).catch(failed);
    isSending = false;
    switch (outcome.kind) {
      case "nothing":
        if (await isForeign()) return { throughSeq: sent, serverWentBack: false };
        await rest();
        kicked = false;
        return undefined;
      case "sent":
        backoff.reset();
        mutationsMax = uploadMutationsMax;
        sent = outcome.throughSeq;
        ports.log("info", "sync.uploaded", { through: sent, refused: outcome.refused });
        onAnswer();
        return undefined;
      case "gap": {
        const wentBack = await settledByGap(ports.database, outcome.expected);
        if (wentBack) return wentBack;
        sent = outcome.expected - 1;
        // The same gap again and again must not become a tight loop.
        await backoff.wait(signal);
        return undefined;
      }
      case "reused":
        return { throughSeq: outcome.seq - 1, serverWentBack: false };
      case "too_large":
        mutationsMax = Math.max(1, Math.floor(mutationsMax / 4));
        return undefined;
      case "failed":
        if (signal.aborted) return undefined;
        // Of a server that was restored the session has to begin anew: its numbers are others.
        if (!outcome.failure.retryable || outcome.failure.code === "sync.server_restored") throw outcome.failure;
        onFailure(outcome.failure);
        await backoff.wait(signal, outcome.waitMs);
        return undefined;
    }
  };
  const run = async (): Promise<Settled | "stopped"> => {
    while (!signal.aborted) {
      const renewal = await step();
      if (renewal) return renewal;
    }
    return "stopped";
  };
  const seenAt = (serverSeq: number) => {
    claimed = Math.max(claimed, serverSeq);
    kick();
  };
  return { kick, seenAt, wake: backoff.wake, sentThrough: () => sent, isSending: () => isSending, done: run() };
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
