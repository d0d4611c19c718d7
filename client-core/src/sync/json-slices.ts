/** Bytes of an answer handed on at a time: some 250 rows, two or three milliseconds of work. */
const sliceBytesMin = 256 * 1024;
/** Bytes parsed at a time: texts beyond some 60,000 characters get memory of their own from the system, page by page. */
const parsedBytesMin = 30_000;
/** A longer rest of an answer comes without its last message, which comes alone: it may be of another kind than all before it. */
const lastBytesMax = 64 * 1024;
/** Longest answer that comes without a place to cut it. */
const uncutBytesMax = 256 * 1024 * 1024;

const [lineEnd, comma, opening, closing, objectOpening, objectClosing] = [0x0a, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d] as const;

/** Some messages of an answer: whole ones, read when somebody asks for them. */
export interface JsonSlice {
  /** A JSON array of them, as UTF-8; until the next slice is asked for. */
  readonly text: Uint8Array;
  /** True for the last slice of an answer that has arrived whole. */
  readonly isLast: boolean;
  /** The first and the last of them, if each is a line of its own. Throws `SyntaxError` when the answer is cut. */
  ends(): readonly [unknown, unknown];
  /** All of them. Throws `SyntaxError` when the answer is cut or no array. */
  messages(): readonly unknown[];
}

/**
 * The messages of an answer that is one JSON array, a slice at a time as it arrives: a line break is never inside a JSON text's string, and writers
 * of the protocol end each message with one. An answer whose lines are not whole messages comes in one piece. Throws `RangeError` when that is too long.
 */
export async function* jsonSlices(response: Response): AsyncGenerator<JsonSlice> {
  if (!response.body) throw new SyntaxError("no answer");
  const gathered = gatheredBytes();
  let wanted = sliceBytesMin;
  for await (const piece of piecesOf(response.body)) {
    gathered.add(piece);
    if (gathered.length() > uncutBytesMax) throw new RangeError("the answer is too long");
    if (gathered.length() < wanted) continue;
    const cut = lastCut(gathered.bytes());
    if (cut > 0) {
      yield sliceOf(gathered.before(cut), false);
      gathered.drop(cut);
    }
    // What has no place to be cut is not searched again with each piece.
    wanted = cut > 0 ? sliceBytesMin : gathered.length() * 2;
  }
  const cut = gathered.length() < lastBytesMax ? -1 : lastCut(gathered.bytes());
  if (cut > 0) {
    yield sliceOf(gathered.before(cut), false);
    gathered.drop(cut);
  }
  yield sliceOf(gathered.bytes(), true);
}

/** Bytes that pieces are added to and slices taken from, in the same memory all along: as much garbage as an answer is long would keep a screen waiting. */
function gatheredBytes() {
  let memory = new Uint8Array(0);
  let length = 0;
  return {
    length: () => length,
    bytes: () => memory.subarray(0, length),
    add(piece: Uint8Array) {
      if (length + piece.length > memory.length) {
        const larger = new Uint8Array(Math.max(length + piece.length, memory.length * 2));
        larger.set(memory.subarray(0, length));
        memory = larger;
      }
      memory.set(piece, length);
      length += piece.length;
    },
    /** All before a comma, as an array. */
    before(cut: number) {
      memory[cut] = closing;
      return memory.subarray(0, cut + 1);
    },
    /** Leaves what is behind a comma and the line break after it, as an array. */
    drop(cut: number) {
      memory[0] = opening;
      memory.copyWithin(1, cut + 2, length);
      length -= cut + 1;
    },
  };
}

/** The bytes of a body as they come, none of them longer than a slice. */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (let from = 0; from < value.length; from += sliceBytesMin) yield value.subarray(from, from + sliceBytesMin);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function sliceOf(text: Uint8Array, isLast: boolean): JsonSlice {
  return {
    text,
    isLast,
    ends: () => [parsed(text, 1, firstCut(text, 1)), parsed(text, Math.max(lastCut(text) + 2, 1), text.length - 1)],
    messages: () => inPieces(text) ?? arrayOf(decoded(text)),
  };
}

/** The messages, parsed some at a time; undefined when the lines are not whole messages. */
function inPieces(text: Uint8Array): readonly unknown[] | undefined {
  if (text[0] !== opening || text.at(-1) !== closing) return undefined;
  const messages: unknown[] = [];
  try {
    for (let from = 1; from < text.length - 1; ) {
      const cut = firstCut(text, from + parsedBytesMin);
      for (const message of arrayOf(`[${decoded(text.subarray(from, cut))}]`)) messages.push(message);
      from = cut + 2;
    }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return messages;
}

/** The place of the comma behind a whole message: the first at or after a place, or where the last message ends. */
function firstCut(text: Uint8Array, from: number): number {
  for (let at = text.indexOf(lineEnd, from); at >= 0; at = text.indexOf(lineEnd, at + 1)) if (isCut(text, at)) return at - 1;
  return text.length - 1;
}

/** The same, the last; -1 when there is none. */
function lastCut(text: Uint8Array): number {
  for (let at = text.lastIndexOf(lineEnd); at > 0; at = text.lastIndexOf(lineEnd, at - 1)) if (isCut(text, at)) return at - 1;
  return -1;
}

function isCut(text: Uint8Array, at: number): boolean {
  return text[at - 2] === objectClosing && text[at - 1] === comma && text[at + 1] === objectOpening;
}

const decoder = new TextDecoder();

function decoded(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function parsed(text: Uint8Array, from: number, to: number): unknown {
  return JSON.parse(decoded(text.subarray(from, to)));
}

function arrayOf(text: string): readonly unknown[] {
  const messages: unknown = JSON.parse(text);
  if (!Array.isArray(messages)) throw new SyntaxError("not a JSON array");
  return messages;
}
