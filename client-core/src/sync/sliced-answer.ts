import { jsonSlices } from "./json-slices.ts";
import { lsnOf } from "./message.ts";
import type { ShapeEvents } from "./shape-stream.ts";

/** Answers shorter than this are read whole: some milliseconds. */
const wholeBytesMax = 64 * 1024;

/** Messages taken in between two turns of others: comparing one with the row that is here costs more than reading it. */
const messagesTogetherMax = 300;

/** A place in a shape's log. */
interface Place {
  readonly lsn: bigint;
  readonly position: number;
}

/** What slices are given to. */
export interface SliceEvents extends Pick<ShapeEvents, "batch" | "text"> {
  /** Gives others their turn between two of them. */
  pause(): Promise<void>;
}

/**
 * Makes a fetch whose large answers are taken in slices, between which a screen has its turn; the stream library, which reads an answer whole and
 * visits every value of it, gets the last slice. When an answer is cut the library asks for all of it again: what was taken already is left out.
 */
export function slicedAnswers(fetchWhole: typeof fetch, { batch, text, pause }: SliceEvents): typeof fetch {
  let taken: Place | undefined;
  return async (input, init) => {
    const response = await fetchWhole(input, init);
    const handle = response.headers.get("electric-handle");
    const bytes = response.headers.get("content-length");
    // What is asked for again may come shorter than before: it too has what was taken already.
    const isSmall = taken === undefined && bytes !== null && Number(bytes) < wholeBytesMax;
    if (response.status !== 200 || response.body === null || handle === null || isSmall) return response;
    let rest: readonly unknown[] = [];
    for await (const slice of jsonSlices(response)) {
      init?.signal?.throwIfAborted();
      const known = taken;
      const [first, last] = slice.isLast ? [] : slice.ends();
      const end = placeOf(last);
      if (end && isBeyond(first, known) && (await text(slice, { handle, offset: offsetAt(end) }))) {
        taken = end;
        await pause();
        continue;
      }
      init?.signal?.throwIfAborted();
      const fresh = slice.messages().filter((message) => isBeyond(message, known));
      if (slice.isLast) rest = fresh;
      else {
        for (let from = 0; from < fresh.length; from += messagesTogetherMax) {
          const some = fresh.slice(from, from + messagesTogetherMax);
          const place = placeOf(some.at(-1));
          if (place) await batch(some, { handle, offset: offsetAt(place) });
          taken = place ?? taken;
          await pause();
          init?.signal?.throwIfAborted();
        }
      }
    }
    taken = undefined;
    return new Response(JSON.stringify(rest), { status: response.status, headers: response.headers });
  };
}

function offsetAt({ lsn, position }: Place): string {
  return `${lsn}_${position}`;
}

function isBeyond(message: unknown, taken: Place | undefined): boolean {
  const place = placeOf(message);
  if (!place || !taken) return true;
  return place.lsn > taken.lsn || (place.lsn === taken.lsn && place.position > taken.position);
}

/** The place of a change; undefined for what is none. */
function placeOf(message: unknown): Place | undefined {
  if (typeof message !== "object" || message === null || !("headers" in message)) return undefined;
  const { headers } = message;
  if (typeof headers !== "object" || headers === null || !("lsn" in headers) || !("op_position" in headers)) return undefined;
  return { lsn: lsnOf(headers.lsn), position: Number(headers.op_position) };
}
