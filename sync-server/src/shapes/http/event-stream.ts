import { open } from "node:fs/promises";
import type { LogOffset } from "../offset.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Shape } from "../shape.ts";
import { eventsOf } from "./events-of.ts";
import { isEmpty, logPiece, type Piece } from "./position-in-shape.ts";

const keepAliveMs = 21_000;
const readBytesMax = 64 * 1024;

/** The bytes of a piece, a little at a time, as the reader takes them. Throws when the file is shorter. */
async function* bytesOf(piece: Piece): AsyncGenerator<Buffer, void> {
  const inMemory = piece.bytes ?? (await piece.load?.());
  if (inMemory !== undefined) {
    yield inMemory;
    return;
  }
  const file = await open(piece.path, "r");
  try {
    for (let at = piece.fromByte; at < piece.toByte; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(readBytesMax, piece.toByte - at)), 0, undefined, at);
      if (bytesRead === 0) throw new Error("a shape file is shorter than its index says");
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** What {@link eventStream} works with. */
export interface EventStreamParts {
  readonly options: ResolvedOptions;
  readonly currentLsn: () => bigint;
  readonly upToDateMessage: () => string;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

async function* events(shape: Shape, after: LogOffset, { options, currentLsn, upToDateMessage, signal }: EventStreamParts): AsyncGenerator<Buffer, void> {
  const endsAtMs = options.nowMs() + options.sseMs;
  let next = after;
  let quietSinceMs = options.nowMs();
  for (;;) {
    const piece = shape.gone ? undefined : logPiece(shape, next, currentLsn());
    const nowMs = options.nowMs();
    if (piece === undefined || signal.aborted || nowMs >= endsAtMs) return;
    if (!isEmpty(piece)) {
      // Made before anything is awaited, so that it speaks of the same moment as the piece.
      const upToDate = piece.upToDate ? upToDateMessage() : undefined;
      yield* eventsOf(bytesOf(piece));
      if (upToDate !== undefined) yield Buffer.from(`data: ${upToDate}\n\n`);
      next = piece.next;
      quietSinceMs = options.nowMs();
    } else if (nowMs - quietSinceMs >= keepAliveMs) {
      yield Buffer.from(": keep-alive\n\n");
      quietSinceMs = nowMs;
    } else {
      await shape.waitForChange(Math.max(1, Math.min(quietSinceMs + keepAliveMs, endsAtMs) - nowMs), signal);
    }
  }
}

/**
 * A live answer as server-sent events: what is new, then up-to-date, again and again; nothing while there is nothing new. Closed after
 * the configured time, between two batches, or when the shape ends (the reconnect is then answered 409). Only as much is read ahead as
 * one piece of a file, however slow the reader is.
 */
export function eventStream(shape: Shape, after: LogOffset, parts: EventStreamParts): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const source = events(shape, after, { ...parts, signal: AbortSignal.any([parts.signal, left.signal]) });
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await source.next();
      if (done !== true) controller.enqueue(value);
      else if (!left.signal.aborted) controller.close();
    },
    cancel: async () => {
      left.abort();
      await source.return();
    },
  });
}
