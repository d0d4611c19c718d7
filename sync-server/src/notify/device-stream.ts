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
  /** Tells of a move of the log that touched nothing, or just that the stream lives. */
  tick(lsn: bigint): void;
  end(reason: StreamEnd): void;
}

/** Opens a stream whose first event is `check` when `missed` is null, else an `advance` from `last` with what was missed. */
export function openDeviceStream(start: {
  readonly last: bigint;
  readonly lsn: bigint;
  readonly missed: readonly string[] | null;
  readonly onEnd: (reason: StreamEnd) => void;
}): DeviceStream {
  const encoder = new TextEncoder();
  const marked = new Set<string>();
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
  const flush = () => {
    if (!controller || (throughLsn === toldLsn && !hasNews())) return;
    waiting = (controller.desiredSize ?? 0) <= 0;
    if (waiting) return;
    send(unknown ? checkFrame(throughLsn) : advanceFrame(toldLsn, throughLsn, [...marked]));
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
        send(start.missed === null ? checkFrame(start.lsn) : advanceFrame(start.last, start.lsn, start.missed));
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
    tick(lsn) {
      if (!controller) return;
      if ((controller.desiredSize ?? 0) <= 0) {
        stalledTicks++;
        if (stalledTicks >= stalledTicksMax) finish("stalled");
        return;
      }
      reach(lsn);
      if (throughLsn === toldLsn && !hasNews()) send(": alive\n\n");
      else flush();
    },
    end: finish,
  };
}

function checkFrame(lsn: bigint): string {
  return frameOf("check", lsn, { lsn: String(lsn) });
}

function advanceFrame(prev: bigint, lsn: bigint, shapes: readonly string[]): string {
  return frameOf("advance", lsn, { prev: String(prev), lsn: String(lsn), shapes });
}

function frameOf(event: string, lsn: bigint, data: unknown): string {
  return `event: ${event}\nid: ${lsn}\ndata: ${JSON.stringify(data)}\n\n`;
}
