import { formatOffset, type LogOffset, type RequestedOffset, snapshotEndOffset } from "../offset.ts";
import type { Shape } from "../shape.ts";

/** A piece of a shape that one answer carries. */
export interface Piece {
  readonly path: string;
  readonly fromByte: number;
  readonly toByte: number;
  readonly bytes: Buffer | undefined;
  /** Makes the messages, where they are not bytes of the file as it is. */
  readonly load: (() => Promise<Buffer>) | undefined;
  /** `electric-offset` of the answer. */
  readonly offset: string;
  /** Where the next log entries are looked for. */
  readonly next: LogOffset;
  /** True when the client has everything after this piece. */
  readonly upToDate: boolean;
}

/** Number of the snapshot chunk a request asks for; `undefined` when it asks for the log. */
function snapshotChunkNumber(requested: RequestedOffset): number | undefined {
  if (requested.kind === "start") return 0;
  if (requested.kind !== "after" || requested.offset.tx !== 0n || requested.offset.op === Infinity) return undefined;
  return requested.offset.op + 1;
}

/** The snapshot chunk a request asks for, waiting until it is written; `undefined` when the log comes next. */
export async function snapshotPiece(shape: Shape, requested: RequestedOffset): Promise<Piece | undefined> {
  const number = snapshotChunkNumber(requested);
  if (number === undefined) return undefined;
  const chunk = await shape.snapshot.chunk(number);
  if (chunk === undefined) return undefined;
  return { ...chunk, path: shape.snapshot.path, load: undefined, offset: `0_${number}`, next: { tx: 0n, op: number }, upToDate: false };
}

/**
 * The log piece after an offset; `undefined` when the offset lies beyond what is known. Readers of event streams go on from the
 * position an up-to-date message named, which may lie beyond the shape's own log but not beyond `currentLsn` (plus one).
 */
export function logPiece(shape: Shape, after: LogOffset, currentLsn: bigint): Piece | undefined {
  const range = shape.log.read(after);
  if (range === undefined) {
    const { endByte } = shape.log;
    if (after.tx > currentLsn + 1n) return undefined;
    return { path: shape.log.path, fromByte: endByte, toByte: endByte, bytes: undefined, load: undefined, offset: formatOffset(after), next: after, upToDate: true };
  }
  const { path, fromByte, toByte, bytes, load, reachesEnd } = range;
  const next = fromByte === toByte && after.tx === 0n ? snapshotEndOffset : range.last;
  return { path, fromByte, toByte, bytes, load, offset: formatOffset(next), next, upToDate: reachesEnd };
}

/** True when a piece carries no message. */
export function isEmpty(piece: Piece): boolean {
  return piece.fromByte === piece.toByte;
}
