import { type Position, readPosition } from "./replication/position-file.ts";
import { SharedAnswers } from "./shared-answers.ts";
import { Waiters } from "./waiters.ts";

/** What {@link SlotOwnership} looks at. */
export interface SlotOwnershipParts {
  readonly storageDir: string;
  /** Names this process in the position file. */
  readonly writer: string;
  /** True while the slot is ours as far as this process knows. */
  readonly active: () => boolean;
  /** True once the service is closing. */
  readonly closing: () => boolean;
}

/** Whether the slot is ours, for those who must know for sure and those who wait for it. */
export class SlotOwnership {
  readonly #parts: SlotOwnershipParts;
  readonly #waiters = new Waiters();
  /** Every shape that is made asks. */
  readonly #positions: SharedAnswers<Position | undefined>;

  constructor(parts: SlotOwnershipParts) {
    this.#parts = parts;
    this.#positions = new SharedAnswers(() => readPosition(parts.storageDir));
  }

  /**
   * Waits until the slot is surely ours; false when the service closes first. Checked on disk too: while a connection is dying unnoticed,
   * another process may have taken over.
   */
  async owned(): Promise<boolean> {
    for (;;) {
      if (this.#parts.active() && (await this.#positions.answer())?.writer === this.#parts.writer && this.#parts.active()) return true;
      if (this.#parts.closing()) return false;
      await this.#waiters.next();
    }
  }

  /** Waits for the slot, the end of the service, the client's leaving, or the time to pass. */
  within(waitMs: number, signal: AbortSignal): Promise<void> {
    return this.#waiters.within(waitMs, signal);
  }

  /** The slot is ours, or the service closes: whoever waits looks again. */
  wake(): void {
    this.#waiters.wake();
  }
}
