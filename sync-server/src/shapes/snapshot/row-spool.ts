import { close, closeSync, mkdirSync, openSync, read, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const memoryBytesMax = 256 * 1024;
const pieceBytesMax = 64 * 1024;
const readAsync = promisify(read);
const closeAsync = promisify(close);

/** Thrown when more is added than may be kept. */
export class SpoolFull extends Error {
  override readonly name = "SpoolFull";
}

/** `head`, the file and `tail`, read as the reader takes them; the file is closed at the end or when the reader leaves. */
function fileBody(descriptor: number, length: number, head: string, tail: string): ReadableStream<Uint8Array> {
  let at = 0;
  let left = false;
  let reading: Promise<unknown> = Promise.resolve();
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from(head)),
    pull: async (controller) => {
      const piece = Buffer.alloc(Math.min(pieceBytesMax, length - at));
      const turn = readAsync(descriptor, piece, 0, piece.length, at);
      reading = turn.catch(() => undefined);
      const { bytesRead } = await turn;
      if (left) return;
      if (bytesRead === 0) throw new Error("a spool file is shorter than what was written");
      at += bytesRead;
      controller.enqueue(piece.subarray(0, bytesRead));
      if (at < length) return;
      controller.enqueue(Buffer.from(tail));
      controller.close();
      await closeAsync(descriptor);
    },
    cancel: async () => {
      left = true;
      await reading;
      await closeAsync(descriptor);
    },
  });
}

/**
 * Rendered rows between Postgres and a reader that may be slow: a little in memory, the rest in a file without a name, so that neither
 * memory nor a transaction waits for the reader.
 *
 *   filling --row--> filling --body--> read or cancelled (gone)
 *       \--discard--> gone
 */
export class RowSpool {
  readonly #path: string;
  readonly #dir: string;
  readonly #bytesMax: number;
  readonly #buffer = Buffer.alloc(memoryBytesMax);
  #buffered = 0;
  #written = 0;
  #rows = 0;
  #descriptor: number | undefined;

  /** `name` must be unused in `dir`. */
  constructor(dir: string, name: string, bytesMax: number) {
    this.#dir = dir;
    this.#path = join(dir, name);
    this.#bytesMax = bytesMax;
  }

  /** Adds one message. Throws {@link SpoolFull}. */
  row(message: Buffer): void {
    if (this.#written + this.#buffered + message.length > this.#bytesMax) throw new SpoolFull("too many bytes");
    if (this.#rows > 0) this.#add(Buffer.from(","));
    this.#add(message);
    this.#rows += 1;
  }

  /** Everything between `head` and `tail`, once. */
  body(head: string, tail: string): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return Buffer.concat([Buffer.from(head), this.#buffer.subarray(0, this.#buffered), Buffer.from(tail)]);
    this.#flush(descriptor);
    this.#descriptor = undefined;
    return fileBody(descriptor, this.#written, head, tail);
  }

  /** Gives everything up. Idempotent, and without effect once the body was taken. */
  discard(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #add(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      if (this.#buffered === this.#buffer.length) this.#flush((this.#descriptor ??= this.#open()));
      const copied = bytes.copy(this.#buffer, this.#buffered, from);
      this.#buffered += copied;
      from += copied;
    }
  }

  /** The name goes at once: whatever happens, nothing is left behind. */
  #open(): number {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const descriptor = openSync(this.#path, "wx+", 0o600);
    unlinkSync(this.#path);
    return descriptor;
  }

  #flush(descriptor: number): void {
    for (let done = 0; done < this.#buffered; ) done += writeSync(descriptor, this.#buffer, done, this.#buffered - done, this.#written + done);
    this.#written += this.#buffered;
    this.#buffered = 0;
  }
}
