/** Characters of an answer read into objects at a time: some 600 rows, parsed in a few milliseconds. */
const sliceCharactersMin = 400_000;
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
  for await (const piece of textOf(response.body)) {
    text += piece;
    if (text.length > uncutCharactersMax) throw new RangeError("the answer is too long");
    while (isCuttable && text.length >= sliceCharactersMin) {
      const end = text.indexOf(separator, sliceCharactersMin);
      if (end < 0) break;
      const messages = arrayOf(`${opening}${text.slice(0, end)}]`);
      isCuttable = messages !== undefined;
      if (!messages) break;
      text = text.slice(end + separator.length);
      opening = "[";
      yield { messages, isLast: false };
    }
  }
  const messages = arrayOf(opening + text);
  if (!messages) throw new SyntaxError("not a JSON array");
  yield { messages, isLast: true };
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      yield decoder.decode(value, { stream: !done });
      if (done) return;
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
