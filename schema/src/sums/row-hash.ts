/** A 64-bit number in two halves of 32 bits: sums of half a million of them must not make a BigInt each. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

const encoder = new TextEncoder();
let bytes = new Uint8Array(4_096);
let words = new Uint32Array(bytes.buffer);

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/**
 * Room for the UTF-8 bytes of the next text to hash, at least so many; the same memory each time. Write from its beginning, then
 * {@link hashWritten}. Anything else that hashes in between overwrites it.
 */
export function hashSpace(bytesMin: number): Uint8Array {
  if (bytes.length < bytesMin + 4) {
    bytes = new Uint8Array(Math.ceil((bytesMin + 4) / 4_096) * 4_096);
    words = new Uint32Array(bytes.buffer);
  }
  return bytes;
}

/** The hash of the first bytes of {@link hashSpace}; see {@link hashText}. */
export function hashWritten(length: number): Hash64 {
  // The tail is read by words: what an earlier text left behind must not count.
  bytes.fill(0, length, length + 4);
  return hashWords(length);
}

/**
 * The 64-bit hash Postgres gives a text: `hashtextextended(text, 0)`, Bob Jenkins' lookup3 (burtleburtle.net/bob/c/lookup3.c, public domain) over
 * its UTF-8 bytes, as a little-endian machine computes it.
 */
export function hashText(text: string): Hash64 {
  const { written } = encoder.encodeInto(text, hashSpace(text.length * 3));
  return hashWritten(written);
}

function hashWords(length: number): Hash64 {
  let a = (0x9e3779b9 + length + 3_923_095) | 0;
  let b = a;
  let c = a;
  let at = 0;
  let left = length;
  for (; left >= 12; left -= 12, at += 3) {
    a = (a + (words[at] ?? 0)) | 0;
    b = (b + (words[at + 1] ?? 0)) | 0;
    c = (c + (words[at + 2] ?? 0)) | 0;
    a = ((a - c) ^ rotate(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ rotate(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 4)) | 0;
    b = (b + a) | 0;
  }
  // Bytes past the end are zero in the last word read; the lowest byte of c is kept for the length.
  if (left > 0) a = (a + (words[at] ?? 0)) | 0;
  if (left > 4) b = (b + (words[at + 1] ?? 0)) | 0;
  if (left > 8) c = (c + ((words[at + 2] ?? 0) << 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return { high: b >>> 0, low: c >>> 0 };
}
