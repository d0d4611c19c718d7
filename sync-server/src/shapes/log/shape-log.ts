import { ftruncateSync, writeSync } from "node:fs";
import { access, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { filesOf, mergeOldPart, removeFiles } from "./compaction/compact-log.ts";
import { copyRestSync, copyTail, type LogPaths, type Place } from "./compaction/copy-tail.ts";
import { type LogFiles, nextFileNumber, readLogFiles, writeLogFilesSync } from "./compaction/manifest.ts";
import { compareOffsets, type LogOffset } from "../offset.ts";
import { chunkAfter, startAfter } from "./find-start.ts";
import { Gathered } from "./gathered.ts";
import { compactedRange, type LogRange } from "./log-range.ts";
import type { OpenFiles } from "./open-files.ts";
import { type ChunkEnd, recoverLog, type RecoveredLog } from "./recover.ts";
import { encodeEntry, entryBytes, type SegmentEntry } from "./segment-entry.ts";

/** What compaction needs beside the log. */
export interface CompactionParts {
  /** JSON of the messages' `relation`. */
  readonly relation: string;
  /** Asked last: true when the files are surely still ours. */
  readonly owned: () => Promise<boolean>;
  /** Told after each step, for tests that end the process there. */
  readonly onStep?: (step: string) => void;
}

interface Mark {
  readonly segments: number;
  readonly endByte: number;
  readonly last: LogOffset | undefined;
}

/** A message without its two closing braces: the first `length` bytes. */
export interface MessageHead {
  readonly bytes: Buffer;
  readonly length: number;
}

const unwrittenBytesMax = 1024 * 1024;
/** When all logs together have gathered so much, each writes sooner. */
const takenBytesMax = 32 * 1024 * 1024;
const crowdedBytesMax = 2 * 1024;
/** Newest whole chunks that compaction leaves as they are. */
const untouchedChunks = 2;
/** A transaction that wrote more than this while the rest was copied is waited for. */
const copiedAtOnceBytesMax = 4 * 1024 * 1024;
const tailBytesMax = 256 * 1024;
const closing = Buffer.from("}},\n");
const closingLast = Buffer.from(',"last":true}},\n');
const nothingLogged = (): RecoveredLog => ({ segments: 0, endByte: 0, last: undefined, chunkEnds: [] });

/**
 * The append-only log of one shape: `log.json` holds messages ready to be served, `log.idx` says where segments end.
 *
 *   begin -> append* -> commit -> write -> publish        (then `sync` makes it durable)
 *                    \-> discard
 *
 * Readers see whole transactions only, from `publish` on. The same transactions give the same bytes, so a tail lost in a
 * crash comes back identical when Postgres sends it again.
 */
export class ShapeLog {
  readonly #dir: string;
  readonly #chunkBytesMin: number;
  #logFiles: LogFiles;
  #paths: LogPaths;
  /** Bytes that compaction has taken from the start so far. */
  #takenBytes = 0;
  /** Paths no longer used that readers may be about to open. */
  #retired: string[] = [];
  readonly #files: OpenFiles;
  readonly #chunkEnds: ChunkEnd[];
  #visible: Mark;
  #committed: Mark;
  /** End of all closed segments, written or not. */
  #closed: { segments: number; endByte: number };
  #written: { segments: number; endByte: number };
  #syncedBytes = 0;
  readonly #gathered: Gathered;
  #entries: Buffer[] = [];
  #tx: bigint | undefined;
  /** Operation of the message whose end is not written yet, because it may be the transaction's last. */
  #heldOp: number | undefined;
  #firstOp: number | undefined;
  #ended = false;

  private constructor(dir: string, chunkBytesMin: number, files: OpenFiles, logFiles: LogFiles, recovered: RecoveredLog) {
    this.#dir = dir;
    this.#logFiles = logFiles;
    this.#paths = pathsOf(dir, logFiles);
    this.#chunkBytesMin = chunkBytesMin;
    this.#files = files;
    this.#gathered = new Gathered(files.buffers);
    this.#chunkEnds = recovered.chunkEnds;
    const { segments, endByte, last } = recovered;
    this.#visible = this.#committed = { segments, endByte, last };
    this.#closed = { segments, endByte };
    this.#written = { segments, endByte };
  }

  /**
   * Opens the log in `dir`, cutting off a torn tail. A chunk is closed once it holds `chunkBytesMin` bytes. Throws when the log was damaged,
   * or is `kept` from before and not there.
   */
  static async open(dir: string, chunkBytesMin: number, files: OpenFiles, kept = false): Promise<ShapeLog> {
    const logFiles = await readLogFiles(dir);
    const { log, index } = pathsOf(dir, logFiles);
    if (kept) await Promise.all([access(log), access(index)]);
    return new ShapeLog(dir, chunkBytesMin, files, logFiles, await recoverLog(log, index));
  }

  /** A new log in an empty folder. Throws when there is one. */
  static async create(dir: string, chunkBytesMin: number, files: OpenFiles): Promise<ShapeLog> {
    const logFiles: LogFiles = { log: "log", chunks: [] };
    await Promise.all(filesOf(dir, logFiles.log).map(async (path) => (await open(path, "ax", 0o600)).close()));
    return new ShapeLog(dir, chunkBytesMin, files, logFiles, nothingLogged());
  }

  /** The file of the log proper. */
  get path(): string {
    return this.#paths.log;
  }

  get #indexPath(): string {
    return this.#paths.index;
  }

  /** Offset of the last visible message. */
  get last(): LogOffset | undefined {
    return this.#visible.last;
  }

  /** Visible bytes. */
  get endByte(): number {
    return this.#visible.endByte;
  }

  /** Bytes on disk that readers can see. */
  get storedBytes(): number {
    return this.#logFiles.chunks.reduce((sum, { bytes }) => sum + bytes, this.#visible.endByte);
  }

  /** True when transaction `tx` is already in the log: Postgres is sending it again. */
  holds(tx: bigint): boolean {
    return this.#committed.last !== undefined && this.#committed.last.tx >= tx;
  }

  /** Starts a transaction with commit LSN `tx`. */
  begin(tx: bigint): void {
    this.#tx = tx;
  }

  /** Adds a message, copying it. Nothing happens once the log is closed. */
  append(op: number, head: MessageHead): void {
    if (this.#ended) return;
    if (this.#heldOp !== undefined) this.#close(this.#heldOp, closing, false);
    this.#gathered.add(head.bytes, head.length, closingLast.length);
    this.#heldOp = op;
  }

  /** Ends the transaction: marks its last message. False when it had none. */
  commit(): boolean {
    const op = this.#heldOp;
    const tx = this.#tx;
    if (op !== undefined && tx !== undefined) {
      this.#close(op, closingLast, true);
      this.#committed = { ...this.#closed, last: { tx, op } };
    }
    this.#heldOp = undefined;
    this.#tx = undefined;
    return op !== undefined;
  }

  /** Forgets everything after the last commit. */
  discard(): void {
    this.#heldOp = undefined;
    this.#firstOp = undefined;
    this.#tx = undefined;
    this.#gathered.dropOpen();
    if (this.#closed.segments !== this.#committed.segments) {
      this.write();
      this.#files.tails.forget(this);
      const { segments, endByte } = this.#committed;
      this.#closed = { segments, endByte };
      this.#written = { segments, endByte };
      while ((this.#chunkEnds.at(-1)?.endByte ?? 0) > endByte) this.#chunkEnds.pop();
      ftruncateSync(this.#files.descriptor(this.#indexPath), segments * entryBytes);
      ftruncateSync(this.#files.descriptor(this.path), endByte);
    }
  }

  /** Hands closed segments to the operating system. */
  write(): void {
    if (this.#entries.length === 0) return;
    const bytes = this.#gathered.closed();
    const entries = this.#entries.length === 1 && this.#entries[0] !== undefined ? this.#entries[0] : Buffer.concat(this.#entries);
    writeFully(this.#files.descriptor(this.path), bytes, this.#written.endByte);
    writeFully(this.#files.descriptor(this.#indexPath), entries, this.#written.segments * entryBytes);
    const keepsTail = bytes.length <= tailBytesMax && this.#written.endByte === this.#visible.endByte;
    if (keepsTail) this.#files.tails.keep(this, { after: this.#visible.last, fromByte: this.#written.endByte, bytes: Buffer.from(bytes) });
    else this.#files.tails.forget(this);
    this.#written = { segments: this.#written.segments + this.#entries.length, endByte: this.#written.endByte + bytes.length };
    this.#entries = [];
    this.#gathered.dropClosed();
  }

  /** Makes committed transactions visible to readers; they must have been written. */
  publish(): void {
    this.#visible = this.#committed;
  }

  /** Waits until all that is visible now is on disk. */
  async sync(): Promise<void> {
    const { endByte } = this.#visible;
    const takenBytes = this.#takenBytes;
    for (const path of [this.path, this.#indexPath]) {
      const handle = await open(path, "r+");
      try {
        await handle.datasync();
      } finally {
        await handle.close();
      }
    }
    this.#syncedBytes = Math.max(this.#syncedBytes, endByte - (this.#takenBytes - takenBytes));
  }

  /** What follows `after`, up to the end of its chunk; `undefined` when `after` lies beyond the end. */
  read(after: LogOffset): LogRange | undefined {
    const visible = this.#visible;
    const { path } = this;
    const nothing: LogRange = { path, fromByte: visible.endByte, toByte: visible.endByte, last: after, reachesEnd: true, bytes: undefined, load: undefined };
    if (visible.last === undefined) return after.tx === 0n ? nothing : undefined;
    const toEnd = compareOffsets(after, visible.last);
    if (toEnd === 0) return nothing;
    if (toEnd > 0) return undefined;
    const compacted = this.#logFiles.chunks.find(({ last }) => compareOffsets(after, last) < 0);
    if (compacted !== undefined) return compactedRange(this.#dir, compacted, after);
    const chunk = chunkAfter(this.#chunkEnds, visible.endByte, after);
    const end = chunk ?? visible;
    const range = (fromByte: number): LogRange => ({
      path,
      fromByte,
      toByte: end.endByte,
      last: end.last ?? after,
      reachesEnd: end.endByte === visible.endByte,
      bytes: this.#fromTail(fromByte, end.endByte),
      load: undefined,
    });
    const tail = this.#files.tails.of(this);
    const isTail = tail !== undefined && tail.fromByte < end.endByte && (tail.after === undefined ? after.tx === 0n : compareOffsets(tail.after, after) === 0);
    return range(isTail ? tail.fromByte : startAfter(this.#files, this.#paths, after, end.segments));
  }

  /**
   * Merges old chunks, when there are enough of them to be worth copying the rest; false when not, or when it is to be tried again later.
   * What readers hold stays valid: every offset can be asked for as before. Files are replaced at once and the old ones kept for readers
   * who are about to open them, until {@link removeRetired}. Throws when the log cannot be merged.
   */
  async compact({ relation, owned, onStep = () => undefined }: CompactionParts): Promise<boolean> {
    const dir = this.#dir;
    const { endByte: visibleBytes, segments, last } = this.#visible;
    const whole = this.#chunkEnds.filter((end) => end.endByte <= visibleBytes);
    const old = whole.slice(0, Math.max(0, whole.length - untouchedChunks));
    const base = old.at(-1);
    if (base === undefined || last === undefined || base.endByte < visibleBytes - base.endByte) return false;
    const before = this.#logFiles;
    const copied = { endByte: visibleBytes, segments };
    let number = nextFileNumber(before);
    const merged = await mergeOldPart({ dir, old: { path: this.path, chunkEnds: old }, compacted: before.chunks, relation, chunkBytesMax: this.#chunkBytesMin, nextName: () => `compacted-${number++}` });
    const after: LogFiles = { log: `log-${number}`, chunks: merged.chunks };
    let replaced = false;
    try {
      onStep("merged");
      await copyTail(this.#paths, pathsOf(dir, after), base, copied);
      onStep("copied");
      replaced = (await owned()) && this.#replace(after, base, copied, onStep);
    } finally {
      if (!replaced) await removeFiles([...merged.written.flatMap((chunk) => filesOf(dir, chunk.name)), ...filesOf(dir, after.log)]);
    }
    if (replaced) this.#retired.push(...filesOf(dir, before.log), ...merged.replaced.flatMap((chunk) => filesOf(dir, chunk.name)));
    return replaced;
  }

  /** Removes files that were replaced by an earlier compaction. */
  async removeRetired(): Promise<void> {
    await removeFiles(this.#retired.splice(0));
  }

  /** Closes the files. */
  close(): void {
    this.#ended = true;
    this.#heldOp = undefined;
    this.#gathered.clear();
    this.#files.tails.forget(this);
    this.#files.close(this.path);
    this.#files.close(this.#indexPath);
  }

  /** Writes the end of the message that waited for it. */
  #close(op: number, end: Buffer, endsTransaction: boolean): void {
    this.#gathered.addEnd(end);
    this.#firstOp ??= op;
    const segmentBytes = this.#gathered.openBytes;
    const chunkBytes = this.#closed.endByte + segmentBytes - (this.#chunkEnds.at(-1)?.endByte ?? 0);
    const endsChunk = chunkBytes >= this.#chunkBytesMin;
    if (endsTransaction || endsChunk || segmentBytes >= this.#segmentBytesMax()) this.#closeSegment(op, endsTransaction, endsChunk);
    if (this.#gathered.closedBytes >= this.#segmentBytesMax()) this.write();
  }

  /** Less when all logs together hold much. */
  #segmentBytesMax(): number {
    return this.#files.buffers.takenBytes > takenBytesMax ? crowdedBytesMax : unwrittenBytesMax;
  }

  #closeSegment(lastOp: number, endsTransaction: boolean, endsChunk: boolean): void {
    const bytes = this.#gathered.closeSegment();
    const last = { tx: this.#tx ?? 0n, op: lastOp };
    const endByte = this.#closed.endByte + bytes.length;
    const segments = this.#closed.segments + 1;
    const firstOp = this.#firstOp ?? lastOp;
    const entry: SegmentEntry = { last, firstOp, endByte, syncedBytes: this.#syncedBytes, endsTransaction, endsChunk, checksum: crc32(bytes) };
    this.#entries.push(encodeEntry(entry));
    if (endsChunk) this.#chunkEnds.push({ last, endByte, segments });
    this.#closed = { segments, endByte };
    this.#firstOp = undefined;
  }

  /** The moment of compaction: no await, so that nothing is written in between. False when there is too much to copy at once. */
  #replace(after: LogFiles, base: Place, copied: Place, onStep: (step: string) => void): boolean {
    this.write();
    if (this.#written.endByte - copied.endByte > copiedAtOnceBytesMax) return false;
    const paths = pathsOf(this.#dir, after);
    copyRestSync(this.#paths, paths, base, copied, this.#written);
    onStep("rest copied");
    writeLogFilesSync(this.#dir, after);
    onStep("replaced");
    this.#files.close(this.#paths.log);
    this.#files.close(this.#paths.index);
    this.#logFiles = after;
    this.#paths = paths;
    this.#takenBytes += base.endByte;
    const moved = <Where extends Place>(place: Where): Where => ({ ...place, endByte: place.endByte - base.endByte, segments: place.segments - base.segments });
    [this.#visible, this.#committed] = [moved(this.#visible), moved(this.#committed)];
    [this.#closed, this.#written] = [moved(this.#closed), moved(this.#written)];
    this.#syncedBytes = Math.max(0, this.#visible.endByte, this.#syncedBytes - base.endByte);
    this.#files.tails.forget(this);
    this.#chunkEnds.splice(0, this.#chunkEnds.length, ...this.#chunkEnds.filter((end) => end.endByte > base.endByte).map(moved));
    return true;
  }

  #fromTail(fromByte: number, toByte: number): Buffer | undefined {
    const tail = this.#files.tails.of(this);
    if (tail === undefined || fromByte < tail.fromByte || toByte > tail.fromByte + tail.bytes.length) return undefined;
    return tail.bytes.subarray(fromByte - tail.fromByte, toByte - tail.fromByte);
  }
}

function pathsOf(dir: string, { log }: LogFiles): LogPaths {
  const [messages, index] = filesOf(dir, log);
  return { log: messages, index };
}

function writeFully(descriptor: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}
