const firstBytes = 64 * 1024;
const keptBytesMax = 1024 * 1024;
const sliceBytes = 16 * 1024;
/** A byte may become `\u00xx`. */
const growthMax = 6;
const copiedInPlaceBytesMax = 48;

const slash = 0x2f;
const hexDigits = Buffer.from("0123456789abcdef");

/** For each byte: 0 when it stands for itself in a JSON string, 1 when it becomes `\u00xx`, else the letter behind the backslash. */
const escapes = new Uint8Array(256);
escapes.fill(1, 0, 0x20);
for (const [char, letter] of [["\b", "b"], ["\t", "t"], ["\n", "n"], ["\f", "f"], ["\r", "r"], ['"', '"'], ["\\", "\\"]] as const) escapes[char.charCodeAt(0)] = letter.charCodeAt(0);

/**
 * Gathers one JSON text as UTF-8 bytes, to be copied away before the next one. Strings are escaped exactly as `JSON.stringify` and
 * Postgres' `to_json` do, straight from the bytes Postgres sent.
 */
export class JsonWriter {
  /** The text is in the first `length` bytes. */
  bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  length = 0;

  /** Starts a new text. */
  clear(): this {
    this.length = 0;
    if (this.bytes.length > keptBytesMax) this.bytes = Buffer.allocUnsafeSlow(firstBytes);
    return this;
  }

  /** Bytes as they are. */
  raw(fragment: Uint8Array): this {
    this.#reserve(fragment.length);
    if (fragment.length > copiedInPlaceBytesMax) this.bytes.set(fragment, this.length);
    else for (let at = 0; at < fragment.length; at++) this.bytes[this.length + at] = fragment[at] ?? 0;
    this.length += fragment.length;
    return this;
  }

  /** ASCII text as it is: numbers and the like. */
  ascii(text: string): this {
    this.#reserve(text.length);
    for (let at = 0; at < text.length; at++) this.bytes[this.length + at] = text.charCodeAt(at);
    this.length += text.length;
    return this;
  }

  /** UTF-8 bytes as the inside of a JSON string; `doubled` is a byte that is written twice, or -1. */
  text(source: Uint8Array, start: number, length: number, doubled = -1): this {
    for (let from = start; from < start + length; from += sliceBytes) this.#slice(source, from, Math.min(start + length, from + sliceBytes), doubled);
    return this;
  }

  /** {@link text} with every `/` doubled, as keys have it. */
  keyText(source: Uint8Array, start: number, length: number): this {
    return this.text(source, start, length, slash);
  }

  #slice(source: Uint8Array, from: number, to: number, doubled: number): void {
    this.#reserve(growthMax * (to - from));
    const { bytes } = this;
    let length = this.length;
    for (let at = from; at < to; at++) {
      const byte = source[at] ?? 0;
      const escape = escapes[byte] ?? 0;
      if (escape === 0) {
        bytes[length++] = byte;
        if (byte === doubled) bytes[length++] = byte;
        continue;
      }
      bytes[length++] = 0x5c;
      if (escape !== 1) {
        bytes[length++] = escape;
        continue;
      }
      bytes[length++] = 0x75;
      bytes[length++] = 0x30;
      bytes[length++] = 0x30;
      bytes[length++] = hexDigits[byte >> 4] ?? 0;
      bytes[length++] = hexDigits[byte & 15] ?? 0;
    }
    this.length = length;
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
  }
}
