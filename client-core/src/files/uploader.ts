import { SaldoError } from "@saldo/schema";
import { createBackoff } from "../sync/backoff.ts";
import type { SyncClient, SyncLog, SyncStatus } from "../sync/index.ts";
import type { LocalDatabase } from "../store/index.ts";
import { sendFile, type TransferParts } from "./transfer.ts";

/** What the background uploader works with. */
export interface FileUploaderParts extends Omit<TransferParts, "relay"> {
  readonly database: LocalDatabase;
  readonly sync: Pick<SyncClient, "relay" | "status" | "onStatus">;
  /** A number in [0, 1): jitter only. */
  readonly random: () => number;
  readonly log: SyncLog;
}

/** Sends originals beside sync. */
export interface FileUploader {
  /** Tries at once: for when the network or the screen is back. */
  now(): void;
  /** Ends what is on its way; the rest goes on from there next time. */
  stop(): Promise<void>;
}

/** Sends all files that wait, one after the other; returns what could not be sent, by its code. Goes on past a file the server refuses. Throws what will not be better for the next one (`sync.unreachable`, `auth.required`, …). */
export async function sendWaiting(parts: TransferParts, signal: AbortSignal, refused: Map<string, SaldoError> = new Map()): Promise<ReadonlyMap<string, SaldoError>> {
  for (const file of await parts.originals.waiting()) {
    if (refused.has(file.id)) continue;
    try {
      await sendFile(parts, file, signal);
    } catch (error) {
      if (!(error instanceof SaldoError) || !/^(?:file|mutation)\./.test(error.code)) throw error;
      refused.set(file.id, error);
      // What is damaged here is found now, and fetched from where it is whole.
      if (error.code === "file.damaged") await parts.originals.read(file);
    }
  }
  return refused;
}

/**
 * Sends originals in the background whenever the device is connected and has nothing else to send: rows come first, and a file can be sent
 * only once the server knows its row. What fails is tried again with growing, random pauses; what is refused, when sync next comes to rest.
 */
export function startFileUploader(parts: FileUploaderParts): FileUploader {
  const { sync, clock, log } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const backoff = createBackoff(clock, parts.random);
  const transfer = { originals: parts.originals, relay: sync.relay, clock };
  let wanted = true;
  let ring: () => void = () => undefined;

  const kick = () => {
    wanted = true;
    ring();
  };
  const isFree = ({ state, pendingChanges }: SyncStatus) => pendingChanges === 0 && (state === "saved" || state === "needs_attention");
  const rest = () =>
    new Promise<void>((resolve) => {
      ring = () => {
        if (signal.aborted || (wanted && isFree(sync.status()))) resolve();
      };
      ring();
    });
  signal.addEventListener("abort", () => ring(), { once: true });
  let wasFree = false;
  const offStatus = sync.onStatus((status) => {
    const becameFree = isFree(status) && !wasFree;
    wasFree = isFree(status);
    if (becameFree) kick();
    else ring();
  });
  const offCommit = parts.database.onCommit((changed) => {
    if (changed.has("file")) kick();
  });

  const turn = async () => {
    try {
      const refused = await sendWaiting(transfer, signal);
      const retryable = [...refused.values()].filter((failure) => failure.retryable);
      for (const { code } of refused.values()) log("warn", "files.refused", { code });
      if (retryable.length === 0) return backoff.reset();
    } catch (error) {
      if (signal.aborted) return;
      log("warn", "files.upload_failed", { code: error instanceof SaldoError ? error.code : "bridge.internal" });
      if (error instanceof SaldoError && !error.retryable) return;
    }
    await backoff.wait(signal);
    wanted = true;
  };
  const run = async () => {
    for (;;) {
      await rest();
      if (signal.aborted) return;
      wanted = false;
      await turn();
    }
  };
  const done = run();
  return {
    now() {
      backoff.wake();
      kick();
    },
    async stop() {
      stopping.abort(new SaldoError("sync.stopped"));
      offStatus();
      offCommit();
      await done;
    },
  };
}
