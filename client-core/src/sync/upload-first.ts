import { nextTurn } from "../next-turn.ts";
import type { Clock } from "./ports.ts";
import type { Uploader } from "./upload.ts";

/** Longest that what comes back may be kept waiting between two checkpoints: what others changed meanwhile is behind it. */
const heldMsMax = 5_000;
/** After that: pause after each slice while an upload is under way. Some twenty thousand rows a second still come. */
const pauseWhileSendingMs = 10;

/** Decides how long a download pauses between two slices of a long answer. */
export interface UploadFirst {
  /** Between two slices: a turn for others, or more while an upload is under way. */
  pause(): Promise<void>;
  /** A checkpoint was reached: nothing waits for what was held until then. */
  reached(): void;
}

/**
 * Lets what is still to be sent go before what comes back of it: both take the same processor, often the server's too. Only time depends on it,
 * and only of answers that are long:
 *
 *     nothing under way ───────────────► a turn for others
 *     an upload is under way ──────────► until it and those right after it are answered, or {@link heldMsMax} after the first such pause
 *     … and that time has passed ──────► {@link pauseWhileSendingMs}, until a checkpoint was reached
 */
export function createUploadFirst(clock: Pick<Clock, "sleep">, upload: Pick<Uploader, "whileSending">, signal: AbortSignal): UploadFirst {
  let hold: { readonly over: Promise<void>; isOver: boolean } | undefined;
  const begun = () => {
    const begins = { over: clock.sleep(heldMsMax, signal), isOver: false };
    void begins.over.then(() => (begins.isOver = true));
    return begins;
  };
  return {
    async pause() {
      const sending = upload.whileSending();
      if (!sending) return nextTurn();
      hold ??= begun();
      await (hold.isOver ? clock.sleep(pauseWhileSendingMs, signal) : Promise.race([sending, hold.over]));
    },
    reached() {
      hold = undefined;
    },
  };
}
