/** Lines of a file as they stand, by number: for showing what could not be read. */
export class RawLines {
  readonly #bytes: Uint8Array;
  readonly #encoding: string;

  /** `bomBytes` at the start are no text. */
  constructor(bytes: Uint8Array, encoding: string, bomBytes: number) {
    this.#bytes = bytes.subarray(bomBytes);
    this.#encoding = encoding;
  }

  /** Texts of the physical lines with these numbers, from 1, in ascending order. Reads no further than the last of them. */
  textOf(lines: readonly number[]): ReadonlyMap<number, string> {
    const texts = new Map<number, string>();
    const last = lines.at(-1);
    if (last === undefined) return texts;
    const wanted = new Set(lines);
    const decoder = new TextDecoder(this.#encoding);
    let line = 1;
    let rest = "";
    let afterReturn = false;
    for (let start = 0; start < this.#bytes.length && line <= last; start += pieceBytes) {
      const piece = rest + decoder.decode(this.#bytes.subarray(start, start + pieceBytes), { stream: start + pieceBytes < this.#bytes.length });
      const cut = splitLines(piece, afterReturn);
      afterReturn = cut.endsWithReturn;
      rest = cut.rest;
      for (const text of cut.lines) {
        if (wanted.has(line)) texts.set(line, text);
        line += 1;
      }
    }
    if (wanted.has(line) && !texts.has(line)) texts.set(line, rest);
    return texts;
  }
}

const pieceBytes = 1024 * 1024;

/** Whole lines of a piece and what is left of the last. A line feed after a carriage return is one end, also across two pieces. */
function splitLines(piece: string, afterReturn: boolean): { readonly lines: readonly string[]; readonly rest: string; readonly endsWithReturn: boolean } {
  const text = afterReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
  const parts = text.split(/\r\n|\n|\r/);
  return { lines: parts.slice(0, -1), rest: parts.at(-1) ?? "", endsWithReturn: text.endsWith("\r") };
}
