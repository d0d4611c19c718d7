import type { WriteBuffers } from "./write-buffers.ts";

const noBytes: Buffer = Buffer.alloc(0);

/**
 * What a log has gathered and not yet written, in one shared buffer: closed segments, then the open one, then the message that waits for
 * its end. No buffer is taken while there is nothing.
 */
export class Gathered {
  readonly #buffers: WriteBuffers;
  #buffer = noBytes;
  #bytes = 0;
  /** Where the open segment begins. */
  #openStart = 0;

  constructor(buffers: WriteBuffers) {
    this.#buffers = buffers;
  }

  /** Bytes of closed segments. */
  get closedBytes(): number {
    return this.#openStart;
  }

  /** Bytes of the open segment. */
  get openBytes(): number {
    return this.#bytes - this.#openStart;
  }

  /** Adds the first `length` bytes; there is room for `laterBytes` more afterwards. */
  add(bytes: Buffer, length: number, laterBytes: number): void {
    this.#reserve(length + laterBytes);
    bytes.copy(this.#buffer, this.#bytes, 0, length);
    this.#bytes += length;
  }

  /** Adds bytes that room was made for. */
  addEnd(bytes: Buffer): void {
    this.#bytes += bytes.copy(this.#buffer, this.#bytes);
  }

  /** Closes the open segment and answers its bytes, valid until the next call. */
  closeSegment(): Buffer {
    const segment = this.#buffer.subarray(this.#openStart, this.#bytes);
    this.#openStart = this.#bytes;
    return segment;
  }

  /** The closed segments' bytes, valid until the next call. */
  closed(): Buffer {
    return this.#buffer.subarray(0, this.#openStart);
  }

  /** Lets the closed segments go: they are written. */
  dropClosed(): void {
    this.#buffer.copyWithin(0, this.#openStart, this.#bytes);
    this.#bytes -= this.#openStart;
    this.#openStart = 0;
    this.#releaseEmpty();
  }

  /** Lets the open segment go. */
  dropOpen(): void {
    this.#bytes = this.#openStart;
    this.#releaseEmpty();
  }

  /** Lets everything go. */
  clear(): void {
    this.#bytes = this.#openStart = 0;
    this.#releaseEmpty();
  }

  #reserve(moreBytes: number): void {
    const needed = this.#bytes + moreBytes;
    if (needed <= this.#buffer.length) return;
    const larger = this.#buffers.take(needed);
    this.#buffer.copy(larger, 0, 0, this.#bytes);
    this.#release();
    this.#buffer = larger;
  }

  #releaseEmpty(): void {
    if (this.#bytes === 0) this.#release();
  }

  #release(): void {
    if (this.#buffer !== noBytes) this.#buffers.give(this.#buffer);
    this.#buffer = noBytes;
  }
}
