import { importLimits } from "../limits.ts";
import type { TextEncoding } from "../model.ts";
import { decoderOf, type Decode } from "./decode.ts";
import { wholeCharacters, type FileBytes } from "../../file-bytes.ts";

/**
 * Decodes a file piece by piece, each cut after a line break where there is one, otherwise between characters.
 * Memory is bounded by one piece, not by the file.
 */
export class TextPieces {
  private readonly decode: Decode;
  private at: number;

  constructor(
    private readonly bytes: FileBytes,
    private readonly encoding: TextEncoding,
    bomBytes: number,
    private readonly pieceBytesMax: number = importLimits.pieceBytesMax,
  ) {
    this.decode = decoderOf(encoding);
    this.at = bomBytes;
  }

  /** Bytes handed out so far. */
  get bytesRead(): number {
    return this.at;
  }

  /** True when every byte was handed out. */
  get done(): boolean {
    return this.at >= this.bytes.byteLength;
  }

  /** The next piece of text; empty at the end. */
  next(): string {
    if (this.done) return "";
    const slice = this.bytes.subarray(this.at, Math.min(this.bytes.byteLength, this.at + this.pieceBytesMax));
    const length = this.at + slice.length >= this.bytes.byteLength ? slice.length : this.pieceLength(slice);
    const piece = this.decode(slice.subarray(0, length));
    this.at += length;
    return piece;
  }

  private pieceLength(slice: Uint8Array): number {
    if (this.encoding === "utf-16le" || this.encoding === "utf-16be") return this.utf16Length(slice);
    const lineEnd = slice.lastIndexOf(10);
    if (lineEnd >= 0) return lineEnd + 1;
    return this.encoding === "utf-8" ? wholeCharacters(slice) : slice.length;
  }

  /** Never between the bytes of a unit, nor between the two surrogates of a character. */
  private utf16Length(slice: Uint8Array): number {
    const cut = slice.length & ~1;
    const highByte = this.encoding === "utf-16le" ? slice[cut - 1] : slice[cut - 2];
    const splitsPair = highByte !== undefined && highByte >= 0xd8 && highByte <= 0xdb;
    return splitsPair && cut > 2 ? cut - 2 : cut;
  }
}
