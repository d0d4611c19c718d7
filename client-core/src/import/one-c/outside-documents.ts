import { importLimits } from "../limits.ts";
import type { TextEncoding } from "../model.ts";
import { decoderOf, type Decode } from "../text/decode.ts";
import type { FileBytes } from "../../file-bytes.ts";
import type { TextSource } from "../csv/records.ts";

/** What the first and the last line of a document have in common, and what stands before it in each. */
const shared = "Документ";
const [beforeStart, beforeEnd] = ["Секция", "Конец"] as const;
const emptyDocument = "СекцияДокумент\nКонецДокумента\n";

/**
 * The text of a file without its documents, which are passed over as bytes and not decoded: one empty document stands for those of a piece.
 * A document that is not closed, or longer than a piece, stays. For encodings in which a line feed is one byte. Lines keep no numbers.
 */
export class OutsideDocuments implements TextSource {
  private readonly decode: Decode;
  private readonly words: { readonly shared: Uint8Array; readonly start: Uint8Array; readonly end: Uint8Array };
  /** How far a place may be moved on by the last byte found there (Horspool 1980). */
  private readonly jumps = new Uint8Array(256);
  private at: number;

  constructor(
    private readonly file: FileBytes,
    encoding: TextEncoding,
    bomBytes: number,
  ) {
    this.decode = decoderOf(encoding);
    const bytesOf = wordEncoder(encoding);
    this.words = { shared: bytesOf(shared), start: bytesOf(beforeStart), end: bytesOf(beforeEnd) };
    const { length } = this.words.shared;
    this.jumps.fill(length);
    for (const [place, byte] of this.words.shared.subarray(0, length - 1).entries()) this.jumps[byte] = length - 1 - place;
    this.at = bomBytes;
  }

  get done(): boolean {
    return this.at >= this.file.byteLength;
  }

  next(): string {
    if (this.done) return "";
    const piece = this.file.subarray(this.at, Math.min(this.file.byteLength, this.at + importLimits.pieceBytesMax));
    const isLast = this.at + piece.length >= this.file.byteLength;
    const whole = isLast ? piece.length : piece.lastIndexOf(10) + 1 || piece.length;
    const { text, open } = this.outside(piece.subarray(0, whole));
    // The next piece begins with the document this one breaks off in.
    const used = isLast || open <= 0 ? whole : open;
    this.at += used;
    return text + this.decode(piece.subarray(text === "" ? 0 : this.from, used));
  }

  /** Where what follows the last document of the piece begins. */
  private from = 0;

  /** The text up to the end of the last whole document, and where a document begins that is not closed; −1 for none. */
  private outside(bytes: Uint8Array): { readonly text: string; readonly open: number } {
    const { shared: word, start, end } = this.words;
    let [text, open] = ["", -1];
    this.from = 0;
    for (let at = this.find(bytes, 0); at >= 0; at = this.find(bytes, at + word.length)) {
      if (stands(bytes, start, at)) open = at - start.length;
      else if (open >= 0 && stands(bytes, end, at)) {
        text += this.decode(bytes.subarray(this.from, open));
        const lineEnd = bytes.indexOf(10, at);
        this.from = lineEnd < 0 ? bytes.length : lineEnd + 1;
        open = -1;
      }
    }
    return { text: this.from === 0 ? "" : text + emptyDocument, open };
  }

  private find(bytes: Uint8Array, from: number): number {
    const { shared: word } = this.words;
    const last = word.length - 1;
    for (let end = from + last; end < bytes.length; end += this.jumps[bytes[end] ?? 0] ?? 1) {
      let at = last;
      while (at >= 0 && bytes[end - last + at] === word[at]) at -= 1;
      if (at < 0) return end - last;
    }
    return -1;
  }
}

/** True when a word stands right before a place and begins its line. */
function stands(bytes: Uint8Array, word: Uint8Array, before: number): boolean {
  const from = before - word.length;
  if (from < 0 || (from > 0 && bytes[from - 1] !== 10)) return false;
  return word.every((byte, index) => bytes[from + index] === byte);
}

function wordEncoder(encoding: TextEncoding): (word: string) => Uint8Array {
  if (encoding === "utf-8") return (word) => new TextEncoder().encode(word);
  const decode = decoderOf(encoding);
  const letters = Array.from({ length: 256 }, (_, byte) => decode(Uint8Array.of(byte)));
  return (word) => Uint8Array.from(word, (letter) => letters.indexOf(letter));
}
