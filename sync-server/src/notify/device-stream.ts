import type { NotifySums } from "@saldo/schema";

/** Seconds of a reader that takes nothing, counted in keep-alive ticks, before its stream is cut; it resumes from its last LSN. */
const stalledTicksMax = 6;
/** Frames handed to the socket before it has to take some. */
const framesAheadMax = 8;

/** Why a stream ended. */
export type StreamEnd = "reader" | "stalled" | "expired" | "replaced" | "shutdown";

/** One device's notify stream. What happens while its reader is slow is merged into one event, so nothing piles up. */
export interface DeviceStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Shapes changed; told with the next {@link DeviceStream.advance}. */
  mark(name: string): void;
  /** What changed is not known: the next {@link DeviceStream.advance} tells to check every shape. */
  markAll(): void;
  /** Complete through `lsn`: told at once when a shape is marked. */
  advance(lsn: bigint): void;
  /** More sums are known: tells those that were not told since their shape changed. */
  tell(): void;
  /** Tells of a move of the log that touched nothing, or just that the stream lives. */
  tick(lsn: bigint): void;
  end(reason: StreamEnd): void;
}

/** Sums of the device's shapes. */
export interface StreamSums {
  readonly names: readonly string[];
  /** Those of these shapes that are known at {@link StreamSums.lsn}. */
  known(names: Iterable<string>): NotifySums;
  lsn(): bigint;
}

/** Opens a stream whose first event is `check` when `missed` is null, else an `advance` from `last` with what was missed. */
export function openDeviceStream(start: {
  readonly last: bigint;
  readonly lsn: bigint;
  readonly missed: readonly string[] | null;
  readonly sums: StreamSums;
  readonly onEnd: (reason: StreamEnd) => void;
}): DeviceStream {
  const encoder = new TextEncoder();
  const marked = new Set<string>();
  /** Shapes whose sum was not told since they changed. */
  const untold = new Set<string>(start.sums.names);
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let toldLsn = start.lsn;
  let throughLsn = start.lsn;
  let unknown = false;
  let waiting = false;
  let stalledTicks = 0;

  const hasNews = () => unknown || marked.size > 0;
  const send = (frame: string) => controller?.enqueue(encoder.encode(frame));
  const reach = (lsn: bigint) => {
    if (lsn > throughLsn) throughLsn = lsn;
  };
  /** All that changed a shape of this device up to now is told with this frame or was before: sums that are known now hold at its LSN. */
  const takeSums = (): { readonly sums?: NotifySums } => {
    const sums = start.sums.known(untold);
    const names = Object.keys(sums);
    for (const name of names) untold.delete(name);
    return names.length === 0 ? {} : { sums };
  };
  const hasSums = () => untold.size > 0 && Object.keys(start.sums.known(untold)).length > 0;
  const flush = () => {
    if (!controller || (throughLsn === toldLsn && !hasNews() && !hasSums())) return;
    waiting = (controller.desiredSize ?? 0) <= 0;
    if (waiting) return;
    for (const name of unknown ? start.sums.names : marked) untold.add(name);
    send(unknown ? checkFrame(throughLsn, takeSums()) : advanceFrame(toldLsn, throughLsn, [...marked], takeSums()));
    toldLsn = throughLsn;
    unknown = false;
    marked.clear();
  };
  const finish = (reason: StreamEnd) => {
    if (!controller) return;
    const ending = controller;
    controller = undefined;
    if (reason === "stalled") ending.error(new Error("the reader takes nothing"));
    else if (reason !== "reader") ending.close();
    start.onEnd(reason);
  };

  const body = new ReadableStream<Uint8Array>(
    {
      start(opened) {
        controller = opened;
        // Commits beyond the first frame's LSN are told by the next one.
        const sums = start.lsn === start.sums.lsn() ? takeSums() : {};
        send(start.missed === null ? checkFrame(start.lsn, sums) : advanceFrame(start.last, start.lsn, start.missed, sums));
      },
      pull() {
        stalledTicks = 0;
        if (waiting) flush();
      },
      cancel() {
        finish("reader");
      },
    },
    { highWaterMark: framesAheadMax },
  );

  return {
    body,
    mark: (name) => void marked.add(name),
    markAll() {
      unknown = true;
    },
    advance(lsn) {
      reach(lsn);
      if (hasNews()) flush();
    },
    tell() {
      if (throughLsn === start.sums.lsn()) flush();
    },
    tick(lsn) {
      if (!controller) return;
      if ((controller.desiredSize ?? 0) <= 0) {
        stalledTicks++;
        if (stalledTicks >= stalledTicksMax) finish("stalled");
        return;
      }
      reach(lsn);
      if (throughLsn === toldLsn && !hasNews() && !hasSums()) send(": alive\n\n");
      else flush();
    },
    end: finish,
  };
}

function checkFrame(lsn: bigint, sums: object): string {
  return frameOf("check", lsn, { lsn: String(lsn), ...sums });
}

function advanceFrame(prev: bigint, lsn: bigint, shapes: readonly string[], sums: object): string {
  return frameOf("advance", lsn, { prev: String(prev), lsn: String(lsn), shapes, ...sums });
}

function frameOf(event: string, lsn: bigint, data: unknown): string {
  return `event: ${event}\nid: ${lsn}\ndata: ${JSON.stringify(data)}\n\n`;
}
