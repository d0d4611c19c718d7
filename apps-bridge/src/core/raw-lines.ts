import type { FileBytes } from "@saldo/client-core/import";

/** Lines of a file as they stand, by number: for showing what could not be read. */
export class RawLines {
  readonly #file: FileBytes;
  readonly #bomBytes: number;
  readonly #encoding: string;

  /** `bomBytes` at the start are no text. */
  constructor(file: FileBytes, encoding: string, bomBytes: number) {
    this.#file = file;
    this.#bomBytes = bomBytes;
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
    const { byteLength } = this.#file;
    for (let start = this.#bomBytes; start < byteLength && line <= last; start += pieceBytes) {
      const end = Math.min(byteLength, start + pieceBytes);
      const piece = rest + decoder.decode(this.#file.subarray(start, end), { stream: end < byteLength });
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
