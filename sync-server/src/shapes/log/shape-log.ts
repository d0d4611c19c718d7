import { ftruncateSync, writeSync } from "node:fs";
import { access, open } from "node:fs/promises";
import { filesOf, mergeOldPart, removeFiles } from "./compaction/compact-log.ts";
import { copyRestSync, copyTail, type LogPaths, type Place } from "./compaction/copy-tail.ts";
import { type LogFiles, nextFileNumber, readLogFiles, writeLogFilesSync } from "./compaction/manifest.ts";
import { compareOffsets, type LogOffset } from "../offset.ts";
import { chunkAfter, startAfter } from "./find-start.ts";
import { compactedRange, type LogRange } from "./log-range.ts";
import type { OpenFiles } from "./open-files.ts";
import { recoverLog, type RecoveredLog } from "./recover.ts";
import { entryBytes } from "./segment-entry.ts";
import { type Mark, type MessageHead, placeAfter, Segments } from "./segments.ts";

/** What compaction needs beside the log. */
export interface CompactionParts {
  /** JSON of the messages' `relation`. */
  readonly relation: string;
  /** Asked last: true when the files are surely still ours. */
  readonly owned: () => Promise<boolean>;
  /** Told after each step, for tests that end the process there. */
  readonly onStep?: (step: string) => void;
}

/** Newest whole chunks that compaction leaves as they are. */
const untouchedChunks = 2;
/** A transaction that wrote more than this while the rest was copied is waited for. */
const copiedAtOnceBytesMax = 4 * 1024 * 1024;
/** More at once is no news that someone waits for, and is read from the file; keeping it would copy every byte of a busy stream. */
const tailBytesMax = 32 * 1024;
const nothingRetired: readonly string[] = [];
const freshFiles: LogFiles = { log: "log", chunks: [] };
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
  readonly #files: OpenFiles;
  #logFiles: LogFiles;
  readonly #segments: Segments;
  #visible: Mark;
  #committed: Mark;
  #written: Place;
  #syncedBytes = 0;
  /** Bytes that compaction has taken from the start so far. */
  #takenBytes = 0;
  /** Paths no longer used that readers may be about to open. */
  #retired: readonly string[] = nothingRetired;
  #ended = false;

  private constructor(dir: string, chunkBytesMin: number, files: OpenFiles, logFiles: LogFiles, recovered: RecoveredLog) {
    this.#dir = dir;
    this.#logFiles = logFiles;
    this.#chunkBytesMin = chunkBytesMin;
    this.#files = files;
    this.#segments = new Segments(files.buffers, chunkBytesMin, recovered);
    this.#visible = this.#committed = this.#segments.end;
    this.#written = this.#segments.end;
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
    await Promise.all(filesOf(dir, freshFiles.log).map(async (path) => (await open(path, "ax", 0o600)).close()));
    return new ShapeLog(dir, chunkBytesMin, files, freshFiles, nothingLogged());
  }

  /** The file of the log proper. */
  get path(): string {
    return this.#paths.log;
  }

  get #paths(): LogPaths {
    return pathsOf(this.#dir, this.#logFiles);
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
    this.#segments.begin(tx);
  }

  /** Adds a message, copying it. Nothing happens once the log is closed. */
  append(op: number, head: MessageHead): void {
    if (this.#ended) return;
    this.#segments.closeHeld(this.#syncedBytes);
    if (this.#segments.full) this.write();
    this.#segments.add(op, head);
  }

  /** Ends the transaction: marks its last message. False when it had none. */
  commit(): boolean {
    const some = this.#segments.commit(this.#syncedBytes);
    if (some) this.#committed = this.#segments.end;
    return some;
  }

  /** Forgets everything after the last commit. */
  discard(): void {
    this.#segments.dropOpen();
    if (this.#segments.end.segments === this.#committed.segments) return;
    this.write();
    this.#files.tails.forget(this);
    this.#segments.cutBack(this.#committed);
    this.#written = this.#committed;
    const { log, index } = this.#paths;
    ftruncateSync(this.#files.descriptor(index), this.#committed.segments * entryBytes);
    ftruncateSync(this.#files.descriptor(log), this.#committed.endByte);
  }

  /** Hands closed segments to the operating system. */
  write(): void {
    const { closed } = this.#segments;
    if (closed === undefined) return;
    const { bytes, entries } = closed;
    const { log, index } = this.#paths;
    const fromByte = this.#written.endByte;
    writeFully(this.#files.descriptor(log), bytes, fromByte);
    writeFully(this.#files.descriptor(index), entries, this.#written.segments * entryBytes);
    if (bytes.length <= tailBytesMax && fromByte === this.#visible.endByte) this.#files.tails.keep(this, { after: this.#visible.last, fromByte, bytes: Buffer.from(bytes) });
    else this.#files.tails.forget(this);
    this.#written = this.#segments.end;
    this.#segments.dropClosed();
  }

  /** Makes committed transactions visible to readers; they must have been written. */
  publish(): void {
    this.#visible = this.#committed;
  }

  /** Waits until all that is visible now is on disk. */
  async sync(): Promise<void> {
    const { endByte } = this.#visible;
    const takenBytes = this.#takenBytes;
    const { log, index } = this.#paths;
    for (const path of [log, index]) {
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
    const chunk = chunkAfter(this.#segments.chunkEnds, visible.endByte, after);
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
    const whole = this.#segments.chunkEnds.filter((end) => end.endByte <= visibleBytes);
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
    if (replaced) this.#retired = [...this.#retired, ...filesOf(dir, before.log), ...merged.replaced.flatMap((chunk) => filesOf(dir, chunk.name))];
    return replaced;
  }

  /** Removes files that were replaced by an earlier compaction. */
  async removeRetired(): Promise<void> {
    const retired = this.#retired;
    this.#retired = nothingRetired;
    await removeFiles(retired);
  }

  /** Closes the files. */
  close(): void {
    this.#ended = true;
    this.#segments.clear();
    this.#files.tails.forget(this);
    this.#closeFiles();
  }

  #closeFiles(): void {
    const { log, index } = this.#paths;
    this.#files.close(log);
    this.#files.close(index);
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
    this.#closeFiles();
    this.#logFiles = after;
    this.#takenBytes += base.endByte;
    [this.#visible, this.#committed] = [placeAfter(this.#visible, base), placeAfter(this.#committed, base)];
    this.#written = placeAfter(this.#written, base);
    this.#segments.rebase(base);
    this.#syncedBytes = Math.max(0, this.#visible.endByte, this.#syncedBytes - base.endByte);
    this.#files.tails.forget(this);
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
