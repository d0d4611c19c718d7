import { FetchError, ShapeStream, type Offset } from "@electric-sql/client";
import type { JsonSlice } from "./json-slices.ts";

/** What a shape's stream tells, one at a time: the next request waits for the promise. */
export interface ShapeEvents {
  /** Messages as the protocol carries them, with the cursor to go on from after them. */
  batch(raw: readonly unknown[], cursor: { readonly handle: string | null; readonly offset: string }): Promise<void>;
  /** The same for a slice of an answer that nobody has read yet. False when it has to be read and given to `batch`: nothing of it is taken in then. */
  text(slice: JsonSlice, cursor: { readonly handle: string | null; readonly offset: string }): Promise<boolean>;
  /** The server's log of this shape began anew: what came of it so far is void. */
  refetch(): Promise<void>;
  /** The stream has ended and will not mend itself; `status` is the answer's, 0 when there was none. */
  failed(status: number, cause: Error): void;
}

/** How a shape's stream is opened. */
export interface ShapeStreamOptions {
  readonly url: string;
  /** Where to go on from; undefined for the whole shape. */
  readonly cursor: { readonly handle: string; readonly offset: string } | undefined;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly events: ShapeEvents;
}

/** Texts stay texts: the schema's codec reads them. */
const texts = Object.fromEntries(["int2", "int4", "int8", "bool", "float4", "float8", "json", "jsonb"].map((type) => [type, (text: string) => text]));

/** Opens one stream of the Electric shape protocol with Electric's own client. */
export function openShapeStream({ url, cursor, fetch: fetchClient, signal, events }: ShapeStreamOptions): void {
  const offset = offsetOf(cursor?.offset);
  const stream = new ShapeStream({
    url,
    fetchClient,
    signal,
    parser: texts,
    liveRequestTimeoutMs: false,
    warnOnHttp: false,
    // A hidden tab goes on syncing: its requests are parked anyway.
    runtimeVisibility: { subscribe: () => () => undefined },
    // A body cut half way has an ok status: it is asked for again, with the library's own delay.
    onError: (error) => (error instanceof FetchError && error.status < 400 ? {} : undefined),
    backoffOptions: { initialDelay: 250, maxDelay: 15_000, multiplier: 2 },
    ...(cursor && offset ? { handle: cursor.handle, offset } : {}),
  });
  stream.subscribe(
    async (messages) => {
      if (signal.aborted) return;
      if (messages.some((message) => "control" in message.headers && message.headers.control === "must-refetch")) await events.refetch();
      else await events.batch(messages, { handle: stream.shapeHandle ?? null, offset: stream.lastOffset });
    },
    (error) => {
      if (!signal.aborted) events.failed(error instanceof FetchError ? error.status : 0, error);
    },
  );
}

function offsetOf(text: string | undefined): Offset | undefined {
  return text !== undefined && isOffset(text) ? text : undefined;
}

function isOffset(text: string): text is Offset {
  return /^(-1|\d+_(\d+|inf))$/.test(text);
}
