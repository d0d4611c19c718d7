import { closeSync, fdatasync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Waiters } from "../waiters.ts";

const bufferBytesMin = 4 * 1024;
const bufferBytesMax = 256 * 1024;
/** A snapshot of so few bytes, e.g. one without rows, needs no file: it is kept in memory and with the shape's record. */
const inlineBytesMax = 1024;
/** The first chunk is closed once it holds this; each later one may be twice as large as the one before. */
const firstChunkBytesMin = 512 * 1024;
const noBytes = Buffer.alloc(0);
const dataSync = promisify(fdatasync);

/** Bytes of one snapshot chunk: whole messages, each followed by `,\n`. */
export interface SnapshotChunk {
  readonly fromByte: number;
  readonly toByte: number;
  /** The bytes, when there is no file. */
  readonly bytes: Buffer | undefined;
}

/** What readers who wait for a snapshot get when its shape ends first: they start over with another one. */
export class ShapeEnded extends Error {
  override readonly name = "ShapeEnded";
}

/**
 * The snapshot of a shape: messages as Postgres rendered them, in a file, in chunks that can be read while later ones are written. A very
 * small one is complete without a file; whoever records the shape keeps its text.
 *
 *   writing --row--> writing --finish--> complete
 *      \--fail--> failed (readers get the error; nothing more is written)
 */
export class SnapshotFile {
  readonly #dir: string;
  readonly #chunkBytesMin: number;
  readonly #chunkEnds: number[];
  /** A chunk is closed once it holds so much: little at first, so that readers have something to do while the rest is rendered. */
  #nextChunkBytesMin: number;
  #state: "writing" | "complete" | { readonly error: Error };
  #descriptor: number | undefined;
  #buffer = noBytes;
  #buffered = 0;
  #bytes = 0;
  #inline: string | undefined;
  readonly #waiters = new Waiters();

  private constructor(dir: string, chunkBytesMin: number, chunkEnds: readonly number[], state: "writing" | "complete") {
    this.#dir = dir;
    this.#chunkBytesMin = chunkBytesMin;
    this.#nextChunkBytesMin = Math.min(firstChunkBytesMin, chunkBytesMin);
    this.#chunkEnds = [...chunkEnds];
    this.#state = state;
  }

  /** A new file; a chunk is closed once it holds `chunkBytesMin` bytes, the first ones earlier. Nothing is written to disk before the first row. */
  static writing(dir: string, chunkBytesMin: number): SnapshotFile {
    return new SnapshotFile(dir, chunkBytesMin, [], "writing");
  }

  /** One finished earlier; `inline` is the text of one without a file. */
  static complete(dir: string, chunkEnds: readonly number[], inline?: string): SnapshotFile {
    const file = new SnapshotFile(dir, 0, chunkEnds, "complete");
    file.#inline = inline;
    return file;
  }

  /** The text of a complete snapshot that has no file. */
  get inline(): string | undefined {
    return this.#inline;
  }

  /** Where its file lies, if it has one. */
  get path(): string {
    return join(this.#dir, "snapshot.json");
  }

  get chunkEnds(): readonly number[] {
    return this.#chunkEnds;
  }

  /** Bytes of all closed chunks. */
  get storedBytes(): number {
    return this.#chunkEnds.at(-1) ?? 0;
  }

  /** True once all of it is on disk. */
  get complete(): boolean {
    return this.#state === "complete";
  }

  /** Appends one rendered message. */
  row(message: Buffer): void {
    this.#makeRoom(message.length + 2);
    if (message.length + 2 > this.#buffer.length) {
      this.#write(message, message.length);
    } else {
      this.#buffered += message.copy(this.#buffer, this.#buffered);
    }
    this.#buffered += this.#buffer.write(",\n", this.#buffered, "latin1");
    const end = this.#bytes + this.#buffered;
    if (end - (this.#chunkEnds.at(-1) ?? 0) >= this.#nextChunkBytesMin) this.#closeChunk();
  }

  /** Appends the last message and makes the file durable. */
  async finish(endMessage: string): Promise<void> {
    if (this.#state !== "writing") return;
    this.row(Buffer.from(endMessage));
    if (this.#bytes === 0 && this.#buffered <= inlineBytesMax) this.#keepInline();
    else if ((this.#chunkEnds.at(-1) ?? 0) < this.#bytes + this.#buffered) this.#closeChunk();
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) {
      try {
        await dataSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    }
    this.#buffer = noBytes;
    if (this.#state !== "writing") return;
    this.#state = "complete";
    this.#waiters.wake();
  }

  /** Gives up; readers waiting for a chunk get `error`. Nothing happens when it is complete or has failed before. */
  fail(error: Error): void {
    if (this.#state !== "writing") return;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#buffer = noBytes;
    this.#state = { error };
    this.#waiters.wake();
  }

  /** Chunk number `index`, waiting for it to be written; `undefined` when the snapshot has fewer. Throws when the snapshot failed. */
  async chunk(index: number): Promise<SnapshotChunk | undefined> {
    for (;;) {
      const toByte = this.#chunkEnds[index];
      if (toByte !== undefined) return { fromByte: index === 0 ? 0 : (this.#chunkEnds[index - 1] ?? 0), toByte, bytes: this.#inline === undefined ? undefined : Buffer.from(this.#inline) };
      if (this.#state === "complete") return undefined;
      if (this.#state !== "writing") throw this.#state.error;
      await this.#waiters.next();
    }
  }

  /** Most snapshots are small: the buffer grows with what there is, and what it cannot hold is written. */
  #makeRoom(bytes: number): void {
    if (this.#buffered + bytes <= this.#buffer.length) return;
    const wanted = Math.max(bufferBytesMin, 2 * this.#buffer.length);
    if (wanted > bufferBytesMax) return this.#flush();
    const larger = Buffer.allocUnsafeSlow(wanted);
    this.#buffer.copy(larger, 0, 0, this.#buffered);
    this.#buffer = larger;
    this.#makeRoom(bytes);
  }

  #keepInline(): void {
    this.#inline = this.#buffer.toString("utf8", 0, this.#buffered);
    this.#bytes = this.#buffered;
    this.#chunkEnds.push(this.#bytes);
    this.#waiters.wake();
  }

  #closeChunk(): void {
    this.#flush();
    this.#chunkEnds.push(this.#bytes);
    this.#nextChunkBytesMin = Math.min(2 * this.#nextChunkBytesMin, this.#chunkBytesMin);
    this.#waiters.wake();
  }

  #flush(): void {
    this.#write(this.#buffer, this.#buffered);
    this.#buffered = 0;
  }

  #write(bytes: Buffer, length: number): void {
    this.#descriptor ??= openSync(this.path, "w", 0o600);
    for (let done = 0; done < length; ) done += writeSync(this.#descriptor, bytes, done, length - done, this.#bytes + done);
    this.#bytes += length;
  }
}
