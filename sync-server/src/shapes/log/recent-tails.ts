import type { LogOffset } from "../offset.ts";

const tailsBytesMax = 16 * 1024 * 1024;

/** The bytes a log got last, and the offset they follow. */
export interface Tail {
  readonly after: LogOffset | undefined;
  readonly fromByte: number;
  readonly bytes: Buffer;
}

/** The newest bytes of logs, for those who wait for them; beyond 16 MiB in all, the oldest are let go and read from disk. */
export class RecentTails {
  readonly #tails = new Map<object, Tail>();
  #bytes = 0;

  /** The log's tail, if it is still kept. */
  of(log: object): Tail | undefined {
    return this.#tails.get(log);
  }

  /** Replaces the log's tail. */
  keep(log: object, tail: Tail): void {
    this.forget(log);
    this.#tails.set(log, tail);
    this.#bytes += tail.bytes.length;
    for (const oldest of this.#tails.keys()) {
      if (this.#bytes <= tailsBytesMax) return;
      this.forget(oldest);
    }
  }

  /** Lets the log's tail go. */
  forget(log: object): void {
    const tail = this.#tails.get(log);
    if (tail === undefined) return;
    this.#tails.delete(log);
    this.#bytes -= tail.bytes.length;
  }
}
