import { crc32 } from "node:zlib";
import type { LogOffset } from "../offset.ts";
import type { Place } from "./compaction/copy-tail.ts";
import { Gathered } from "./gathered.ts";
import type { ChunkEnd, RecoveredLog } from "./recover.ts";
import { encodeEntry } from "./segment-entry.ts";
import type { WriteBuffers } from "./write-buffers.ts";

/** A message without its two closing braces: the first `length` bytes. */
export interface MessageHead {
  readonly bytes: Buffer;
  readonly length: number;
}

/** A place behind a message. */
export interface Mark extends Place {
  /** Where the last message before it stands; `undefined` at the start. */
  readonly last: LogOffset | undefined;
}

const unwrittenBytesMax = 1024 * 1024;
/** When all logs together have gathered so much, each writes sooner. */
const takenBytesMax = 32 * 1024 * 1024;
const crowdedBytesMax = 2 * 1024;
const closing = Buffer.from("}},\n");
const closingLast = Buffer.from(',"last":true}},\n');

/**
 * Gathers the messages of transactions into segments, the units that a log's index knows. A message ends a segment when it ends a
 * transaction or a chunk, or when much has come together; it stays open until the next one shows that it is not its transaction's last.
 */
export class Segments {
  readonly #buffers: WriteBuffers;
  readonly #chunkBytesMin: number;
  readonly #gathered: Gathered;
  #chunkEnds: ChunkEnd[];
  /** End of all closed segments, written or not. */
  #end: Mark;
  /** Index entries of the closed segments that are not written. */
  #entries: Buffer[] = [];
  #tx: bigint | undefined;
  /** Operation of the message whose end is not there yet. */
  #heldOp: number | undefined;
  #firstOp: number | undefined;

  /** Goes on behind what is in the log; a chunk is closed once it holds `chunkBytesMin` bytes. */
  constructor(buffers: WriteBuffers, chunkBytesMin: number, { segments, endByte, last, chunkEnds }: RecoveredLog) {
    this.#buffers = buffers;
    this.#chunkBytesMin = chunkBytesMin;
    this.#gathered = new Gathered(buffers);
    this.#chunkEnds = chunkEnds;
    this.#end = { segments, endByte, last };
  }

  /** End of all closed segments. */
  get end(): Mark {
    return this.#end;
  }

  /** Where chunks end, written or not. */
  get chunkEnds(): readonly ChunkEnd[] {
    return this.#chunkEnds;
  }

  /** True when so much is closed that it should be written before more is added. */
  get full(): boolean {
    return this.#gathered.closedBytes >= this.#bytesMax;
  }

  /** Bytes and index entries of the closed segments, valid until the next call; `undefined` when there are none. */
  get closed(): { readonly bytes: Buffer; readonly entries: Buffer } | undefined {
    const [first] = this.#entries;
    if (first === undefined) return undefined;
    return { bytes: this.#gathered.closed(), entries: this.#entries.length === 1 ? first : Buffer.concat(this.#entries) };
  }

  /** Starts a transaction with commit LSN `tx`. */
  begin(tx: bigint): void {
    this.#tx = tx;
  }

  /** Ends the message that waited for it, as another one follows. `syncedBytes` of the log are on disk. */
  closeHeld(syncedBytes: number): void {
    if (this.#heldOp !== undefined) this.#close(this.#heldOp, closing, false, syncedBytes);
    this.#heldOp = undefined;
  }

  /** Adds a message, copying it. */
  add(op: number, head: MessageHead): void {
    this.#gathered.add(head.bytes, head.length, closingLast.length);
    this.#heldOp = op;
  }

  /** Ends the transaction: marks its last message. False when it had none. */
  commit(syncedBytes: number): boolean {
    const op = this.#heldOp;
    if (op !== undefined) this.#close(op, closingLast, true, syncedBytes);
    this.#heldOp = undefined;
    this.#tx = undefined;
    return op !== undefined;
  }

  /** Lets the closed segments go: they are written. */
  dropClosed(): void {
    this.#entries = [];
    this.#gathered.dropClosed();
  }

  /** Lets go of the open transaction, as far as it is in no closed segment. */
  dropOpen(): void {
    this.#heldOp = undefined;
    this.#firstOp = undefined;
    this.#tx = undefined;
    this.#gathered.dropOpen();
  }

  /** Goes back to an earlier end; what was closed since is written. */
  cutBack(end: Mark): void {
    this.#end = end;
    while ((this.#chunkEnds.at(-1)?.endByte ?? 0) > end.endByte) this.#chunkEnds.pop();
  }

  /** The log begins at `base` from now on; what was closed is written. */
  rebase(base: Place): void {
    this.#end = placeAfter(this.#end, base);
    this.#chunkEnds = this.#chunkEnds.filter(({ endByte }) => endByte > base.endByte).map((end) => placeAfter(end, base));
  }

  /** Lets everything go. */
  clear(): void {
    this.#heldOp = undefined;
    this.#gathered.clear();
  }

  /** Less when all logs together hold much. */
  get #bytesMax(): number {
    return this.#buffers.takenBytes > takenBytesMax ? crowdedBytesMax : unwrittenBytesMax;
  }

  /** Writes the end of the message that waited for it. */
  #close(op: number, end: Buffer, endsTransaction: boolean, syncedBytes: number): void {
    this.#gathered.addEnd(end);
    this.#firstOp ??= op;
    const segmentBytes = this.#gathered.openBytes;
    const chunkBytes = this.#end.endByte + segmentBytes - (this.#chunkEnds.at(-1)?.endByte ?? 0);
    const endsChunk = chunkBytes >= this.#chunkBytesMin;
    if (endsTransaction || endsChunk || segmentBytes >= this.#bytesMax) this.#closeSegment(op, endsTransaction, endsChunk, syncedBytes);
  }

  #closeSegment(lastOp: number, endsTransaction: boolean, endsChunk: boolean, syncedBytes: number): void {
    const bytes = this.#gathered.closeSegment();
    const last = { tx: this.#tx ?? 0n, op: lastOp };
    const endByte = this.#end.endByte + bytes.length;
    const segments = this.#end.segments + 1;
    this.#entries.push(encodeEntry({ last, firstOp: this.#firstOp ?? lastOp, endByte, syncedBytes, endsTransaction, endsChunk, checksum: crc32(bytes) }));
    if (endsChunk) this.#chunkEnds.push({ last, endByte, segments });
    this.#end = { segments, endByte, last };
    this.#firstOp = undefined;
  }
}

/** A place as it reads once everything before `base` is gone from the log. */
export function placeAfter<Where extends Place>(place: Where, base: Place): Where {
  return { ...place, endByte: place.endByte - base.endByte, segments: place.segments - base.segments };
}
