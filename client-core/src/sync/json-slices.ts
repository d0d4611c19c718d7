/** Characters of an answer handed on at a time: some 600 rows, parsed in a few milliseconds. */
const sliceCharactersMin = 400_000;
/** Characters parsed at a time, and bytes made text of: texts beyond some 60,000 characters get memory of their own from the system, page by page. */
const parsedCharactersMin = 30_000;
const decodedBytesMax = 16_384;
/** Longest answer that comes without a place to cut it. */
const uncutCharactersMax = 256 * 1024 * 1024;
/** Between two messages: a line break is never inside a JSON text's string, and writers of the protocol end each message with one. */
const separator = ",\n";

/** Some messages of an answer. */
export interface JsonSlice {
  readonly messages: readonly unknown[];
  /** True for the last slice of an answer that has arrived whole. */
  readonly isLast: boolean;
}

/**
 * The messages of an answer that is one JSON array, a slice at a time as it arrives. An answer whose lines are not whole messages is read in one
 * piece. Throws `SyntaxError` when it is cut or no array, `RangeError` when it is too long to read.
 */
export async function* jsonSlices(response: Response): AsyncGenerator<JsonSlice> {
  if (!response.body) throw new SyntaxError("no answer");
  let text = "";
  let opening = "";
  let isCuttable = true;
  let gathered: unknown[] = [];
  let characters = 0;
  for await (const { piece, hasEnd } of piecesOf(response.body)) {
    text += piece;
    if (text.length > uncutCharactersMax) throw new RangeError("the answer is too long");
    while (isCuttable && hasEnd && text.length >= parsedCharactersMin) {
      const end = text.indexOf(separator, parsedCharactersMin);
      if (end < 0) break;
      const messages = arrayOf(`${opening}${text.slice(0, end)}]`);
      isCuttable = messages !== undefined;
      if (!messages) break;
      text = text.slice(end + separator.length);
      opening = "[";
      for (const message of messages) gathered.push(message);
      characters += end;
      if (characters < sliceCharactersMin) continue;
      yield { messages: gathered, isLast: false };
      gathered = [];
      characters = 0;
    }
  }
  const messages = arrayOf(opening + text);
  if (!messages) throw new SyntaxError("not a JSON array");
  yield { messages: [...gathered, ...messages], isLast: true };
}

/** The text of a body piece by piece; `hasEnd` tells of a separator that ends in the piece, so that a long message is not searched again with each. */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ readonly piece: string; readonly hasEnd: boolean }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let last = "";
  const decoded = (bytes: Uint8Array | undefined) => {
    const piece = decoder.decode(bytes, { stream: bytes !== undefined });
    const hasEnd = piece.includes(separator) || (last + piece.slice(0, 1)).includes(separator);
    if (piece !== "") last = piece.slice(-1);
    return { piece, hasEnd };
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return yield decoded(undefined);
      for (let at = 0; at < value.length; at += decodedBytesMax) yield decoded(value.subarray(at, at + decodedBytesMax));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function arrayOf(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
