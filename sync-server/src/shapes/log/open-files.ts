import { closeSync, constants, openSync } from "node:fs";
import { RecentTails } from "./recent-tails.ts";
import { WriteBuffers } from "./write-buffers.ts";

/**
 * What all logs of a service share: memory, and file descriptors for appending, the least recently used closed beyond `openMax`.
 * A descriptor is only valid until the next call: users write synchronously and keep none.
 */
export class OpenFiles {
  readonly buffers = new WriteBuffers();
  readonly tails = new RecentTails();
  readonly #openMax: number;
  readonly #descriptors = new Map<string, number>();

  constructor(openMax: number) {
    this.#openMax = openMax;
  }

  /** A descriptor for reading and writing at positions; the file is made when missing. */
  descriptor(path: string): number {
    const open = this.#descriptors.get(path);
    if (open !== undefined) {
      this.#descriptors.delete(path);
      this.#descriptors.set(path, open);
      return open;
    }
    const [oldest] = this.#descriptors.keys();
    if (oldest !== undefined && this.#descriptors.size >= this.#openMax) this.close(oldest);
    const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    this.#descriptors.set(path, descriptor);
    return descriptor;
  }

  /** Closes one file if it is open. */
  close(path: string): void {
    const open = this.#descriptors.get(path);
    if (open === undefined) return;
    this.#descriptors.delete(path);
    closeSync(open);
  }

  /** Closes all files. */
  closeAll(): void {
    for (const path of this.#descriptors.keys()) this.close(path);
  }
}
