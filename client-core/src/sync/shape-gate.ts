import type { TableName } from "@saldo/schema";
import type { Arrivals } from "./arrivals.ts";
import type { Relay } from "./relay.ts";

/** Marks the requests of one store within this process, so that caches inside the stream library never mix two stores; not sent. */
export const streamMark = "stream";

/**
 * Holds back the live requests of shapes that have nothing new, so that a device with many shapes holds one connection and not one each.
 *
 * A released request is sent without `live`: the server answers at once with all it has and the LSN it is complete through, where a long
 * poll would name only the shape's own last commit. If that answer still is not through what was announced (another server, a cache), the
 * next one is a true long poll.
 */
export interface ShapeGate {
  /** The fetch of one shape's stream. */
  fetchFor(shape: TableName): typeof fetch;
  /** Lets due shapes go. */
  release(): void;
  /** Breaks off the requests under way; their streams ask again. */
  cut(): void;
}

/** Makes a {@link ShapeGate}; the arrivals say which shapes have to be asked, and of which something was announced. */
export function createShapeGate(relay: Relay, { isDue, isBehind, asked }: Pick<Arrivals, "isDue" | "isBehind" | "asked">): ShapeGate {
  const parked = new Map<TableName, () => void>();
  let connection = new AbortController();
  const send = (shape: TableName, url: URL, init: RequestInit | undefined, signal: AbortSignal) => {
    asked(shape);
    return relay.fetch(url.href, { ...init, signal: AbortSignal.any([signal, connection.signal]) });
  };

  const turn = (shape: TableName, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(aborted(signal));
      if (isDue(shape)) return resolve();
      const abort = () => {
        parked.delete(shape);
        reject(aborted(signal));
      };
      signal.addEventListener("abort", abort, { once: true });
      parked.set(shape, () => {
        parked.delete(shape);
        signal.removeEventListener("abort", abort);
        resolve();
      });
    });

  return {
    fetchFor(shape) {
      /** True when the last released answer did not bring all that was announced. */
      let behind = false;
      return async (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input);
        url.searchParams.delete(streamMark);
        const signal = init?.signal ?? new AbortController().signal;
        const live = url.searchParams.get("live") === "true";
        if (!live) return send(shape, url, init, signal);
        behind = behind && isBehind(shape);
        await turn(shape, signal);
        if (behind) return send(shape, url, init, signal);
        behind = true;
        const cursor = url.searchParams.get("cursor");
        url.searchParams.delete("live");
        url.searchParams.delete("cursor");
        return withCursor(await send(shape, url, init, signal), cursor);
      };
    },
    cut() {
      connection.abort();
      connection = new AbortController();
    },
    release() {
      for (const [shape, letGo] of [...parked]) if (isDue(shape)) letGo();
    },
  };
}

/** The answer to a request that was live for the stream: it must bear a cursor, and none has moved. */
function withCursor(response: Response, cursor: string | null): Response {
  if (!response.ok) return response;
  const headers = new Headers(response.headers);
  headers.set("electric-cursor", cursor ?? "");
  return new Response(response.body, { status: response.status, headers });
}

function aborted(signal: AbortSignal): DOMException {
  return new DOMException(String(signal.reason ?? "aborted"), "AbortError");
}
