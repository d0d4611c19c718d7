import { importLimits } from "../limits.ts";
import type { TextEncoding } from "../model.ts";
import { decoderOf, type Decode } from "./decode.ts";

/**
 * Decodes a file piece by piece, each cut after a line break where there is one, otherwise between characters.
 * Memory is bounded by one piece, not by the file.
 */
export class TextPieces {
  private readonly decode: Decode;
  private at: number;

  constructor(
    private readonly bytes: Uint8Array,
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
    return this.at >= this.bytes.length;
  }

  /** The next piece of text; empty at the end. */
  next(): string {
    if (this.done) return "";
    const end = this.pieceEnd(this.at, Math.min(this.bytes.length, this.at + this.pieceBytesMax));
    const piece = this.decode(this.bytes.subarray(this.at, end));
    this.at = end;
    return piece;
  }

  private pieceEnd(start: number, end: number): number {
    if (end >= this.bytes.length) return this.bytes.length;
    if (this.encoding === "utf-16le" || this.encoding === "utf-16be") return this.utf16End(start, end);
    const lineEnd = this.bytes.subarray(start, end).lastIndexOf(10);
    if (lineEnd >= 0) return start + lineEnd + 1;
    if (this.encoding !== "utf-8") return end;
    let cut = end;
    while (cut > start + 1 && ((this.bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
    return cut;
  }

  /** Never between the bytes of a unit, nor between the two surrogates of a character. */
  private utf16End(start: number, end: number): number {
    const cut = end - ((end - start) & 1);
    const highByte = this.encoding === "utf-16le" ? this.bytes[cut - 1] : this.bytes[cut - 2];
    const splitsPair = highByte !== undefined && highByte >= 0xd8 && highByte <= 0xdb;
    return splitsPair && cut - 2 > start ? cut - 2 : cut;
  }
}
