const smallestBytes = 1024;
const keptBytesEachMax = 2 * 1024 * 1024;
const keptBytesMax = 8 * 1024 * 1024;

/** Buffers in which logs gather what is not written yet, used again and again; their sizes are powers of two. */
export class WriteBuffers {
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;
  #takenBytes = 0;

  /** Bytes of all buffers taken and not given back. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** A buffer of at least so many bytes, with anything in it. */
  take(bytesMin: number): Buffer {
    let bytes = smallestBytes;
    while (bytes < bytesMin) bytes *= 2;
    this.#takenBytes += bytes;
    const kept = this.#free.get(bytes)?.pop();
    if (kept === undefined) return Buffer.allocUnsafeSlow(bytes);
    this.#freeBytes -= bytes;
    return kept;
  }

  /** Takes a buffer back. */
  give(buffer: Buffer): void {
    const bytes = buffer.length;
    this.#takenBytes -= bytes;
    if (bytes > keptBytesEachMax || this.#freeBytes + bytes > keptBytesMax) return;
    const free = this.#free.get(bytes) ?? [];
    this.#free.set(bytes, free);
    free.push(buffer);
    this.#freeBytes += bytes;
  }
}
