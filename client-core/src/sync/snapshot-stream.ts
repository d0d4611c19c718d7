import { SaldoError } from "@saldo/schema";
import { createBackoff } from "./backoff.ts";
import type { SyncPorts } from "./ports.ts";
import { retryAfterMs } from "./relay-answer.ts";
import type { ShapeEvents } from "./shape-stream.ts";
import { jsonSlices } from "./json-slices.ts";

/** Where a snapshot's requests go on. */
export interface SnapshotCursor {
  readonly handle: string | null;
  readonly offset: string;
}

/** How a snapshot is fetched. */
export interface SnapshotStreamOptions {
  readonly ports: Pick<SyncPorts, "clock" | "random" | "ids">;
  /** Address of the shape, its own parameters included. */
  readonly url: string;
  /** Where to go on from; undefined for the beginning. */
  readonly cursor: SnapshotCursor | undefined;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly events: ShapeEvents & {
    /** The server has not answered several times, or again does after that. */
    reachable(isReachable: boolean, cause?: SaldoError): void;
  };
}

/** A snapshot being fetched. */
export interface SnapshotStream {
  /** Tries at once if it is waiting. */
  wake(): void;
  /** Resolves with where the stream goes on once the shape is up to date; undefined when it was aborted or failed. */
  readonly done: Promise<SnapshotCursor | undefined>;
}

/** Failures in a row before anybody hears of it: a server that is starting or busy says so for a moment. */
const silentFailuresMax = 4;

/** Answers that say "another time". */
const isTransient = (status: number) => status === 429 || status >= 500;

/**
 * Fetches a shape from its beginning until it is up to date, in slices small enough that neither memory nor a screen feels the size of an
 * answer. `@electric-sql/client` reads every answer whole and visits every value of it, which for 500,000 rows costs more than
 * all the rest; once the shape is up to date that client takes over. Retries for ever what trying again may mend, from where it stands.
 *
 *     GET offset=-1 ─► 0_0 ─► 0_1 ─► … ─► up-to-date: done
 *         ▲ 409: the log began anew │
 *         └─────────────────────────┘
 */
export function openSnapshotStream({ ports, url, cursor, fetch: fetchClient, signal, events }: SnapshotStreamOptions): SnapshotStream {
  const backoff = createBackoff(ports.clock, ports.random);
  let at: SnapshotCursor = cursor ?? { handle: null, offset: "-1" };
  let cacheBuster: string | undefined;

  const request = () => {
    const next = new URL(url);
    next.searchParams.set("offset", at.offset);
    if (at.handle !== null) next.searchParams.set("handle", at.handle);
    if (cacheBuster !== undefined) next.searchParams.set("cache-buster", cacheBuster);
    return fetchClient(next.href, { signal });
  };

  const takeAnswer = async (response: Response): Promise<boolean> => {
    const [handle, offset] = [response.headers.get("electric-handle"), response.headers.get("electric-offset")];
    if (handle === null || offset === null) throw new SaldoError("sync.unexpected_answer", { what: "shape" });
    const asked = at.offset;
    for await (const slice of jsonSlices(response)) {
      if (signal.aborted) return false;
      const next = { handle, offset: slice.isLast ? offset : (offsetAfter(slice.ends()[1]) ?? asked) };
      const isTaken = await events.text(slice, next);
      if (signal.aborted) return false;
      // What cannot be read is asked for again: the place moves only behind it.
      const raw = isTaken ? undefined : slice.messages();
      at = next;
      if (raw !== undefined) await events.batch(raw, next);
    }
    return response.headers.has("electric-up-to-date");
  };

  const begin = async (): Promise<void> => {
    at = { handle: null, offset: "-1" };
    cacheBuster = ports.ids.next();
    await events.refetch();
  };

  const run = async (): Promise<SnapshotCursor | undefined> => {
    let failures = 0;
    const failed = (cause: SaldoError) => {
      if (++failures === silentFailuresMax + 1) events.reachable(false, cause);
    };
    while (!signal.aborted) {
      let floorMs = 0;
      try {
        const response = await request();
        if (response.ok) {
          const isUpToDate = await takeAnswer(response);
          if (signal.aborted) return undefined;
          if (failures > silentFailuresMax) events.reachable(true);
          failures = 0;
          backoff.reset();
          if (isUpToDate) return at;
          continue;
        }
        await response.body?.cancel();
        if (response.status === 409) {
          const isRepeated = cacheBuster !== undefined;
          await begin();
          if (!isRepeated) continue;
        } else if (!isTransient(response.status)) {
          events.failed(response.status, new Error(`status ${response.status}`));
          return undefined;
        } else failed(new SaldoError("relay.unavailable", { status: response.status }));
        floorMs = retryAfterMs(response);
      } catch (error) {
        if (signal.aborted) return undefined;
        const failure = error instanceof SaldoError ? error : new SaldoError("sync.unreachable", { what: "shape" }, { cause: error });
        if (!failure.retryable) {
          events.failed(0, failure);
          return undefined;
        }
        failed(failure);
      }
      await backoff.wait(signal, floorMs);
    }
    return undefined;
  };

  return { wake: backoff.wake, done: run() };
}

/** The offset after a slice that ends with this, a change of the log; undefined within a snapshot, whose answers have to be asked for again whole. */
function offsetAfter(last: unknown): string | undefined {
  if (typeof last !== "object" || last === null || !("headers" in last)) return undefined;
  const { headers } = last;
  if (typeof headers !== "object" || headers === null || !("lsn" in headers) || !("op_position" in headers)) return undefined;
  return `${String(headers.lsn)}_${String(headers.op_position)}`;
}
