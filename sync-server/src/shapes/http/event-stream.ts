import { readRange } from "../log/body.ts";
import type { LogOffset } from "../offset.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Shape } from "../shape.ts";
import { isEmpty, logPiece, type Piece } from "./position-in-shape.ts";

const keepAliveMs = 21_000;

async function messagesOf(piece: Piece): Promise<string> {
  if (isEmpty(piece)) return "";
  const bytes = piece.bytes ?? (await piece.load?.()) ?? (await readRange(piece.path, piece.fromByte, piece.toByte));
  return bytes.toString("utf8").split(",\n").filter((line) => line !== "").map((line) => `data: ${line}\n\n`).join("");
}

/** What {@link eventStream} works with. */
export interface EventStreamParts {
  readonly options: ResolvedOptions;
  readonly currentLsn: () => bigint;
  readonly upToDateMessage: () => string;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/**
 * A live answer as server-sent events: what is new, then up-to-date, again and again. Closed after the configured time, or when the
 * shape ends (the reconnect is then answered 409).
 */
export function eventStream(shape: Shape, after: LogOffset, { options, currentLsn, upToDateMessage, signal }: EventStreamParts): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const closed = new AbortController();
  const either = AbortSignal.any([signal, closed.signal]);
  const endsAtMs = options.nowMs() + options.sseMs;
  let next = after;
  let started = false;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const quietSinceMs = options.nowMs();
      for (;;) {
        const piece = shape.gone ? undefined : logPiece(shape, next, currentLsn());
        if (piece === undefined || either.aborted || options.nowMs() >= endsAtMs) {
          controller.close();
          return;
        }
        if (!started || !isEmpty(piece)) {
          started = true;
          next = piece.next;
          const upToDate = piece.upToDate ? `data: ${upToDateMessage()}\n\n` : "";
          controller.enqueue(encoder.encode((await messagesOf(piece)) + upToDate));
          return;
        }
        const nowMs = options.nowMs();
        if (nowMs - quietSinceMs >= keepAliveMs) {
          controller.enqueue(encoder.encode(": keep-alive\n\n"));
          return;
        }
        await shape.waitForChange(Math.max(1, Math.min(quietSinceMs + keepAliveMs, endsAtMs) - nowMs), either);
      }
    },
    cancel: () => closed.abort(),
  });
}
