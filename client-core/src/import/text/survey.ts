import { slicesOf, type FileBytes } from "../../file-bytes.ts";

/** What one pass over all bytes of a file says. */
export interface ByteSurvey {
  /** How often each byte value from 0x80 occurs, index 0 for 0x80. */
  readonly highCounts: Uint32Array;
  /** High bytes beside another high byte, and beside an ASCII letter. */
  readonly highBesideHigh: number;
  readonly highBesideLetter: number;
  /** Well-formed and ill-formed UTF-8 sequences of more than one byte (RFC 3629). */
  readonly utf8Sequences: number;
  readonly utf8Errors: number;
  /** NUL bytes at even and odd offsets, and the first one (−1 when there is none). */
  readonly nulEven: number;
  readonly nulOdd: number;
  readonly firstNul: number;
  /** Control bytes text never holds. */
  readonly controls: number;
  /** True when any byte is not white space, a byte order mark or NUL. */
  readonly hasText: boolean;
}

/** What is told by all bytes of a file from a place on, slice by slice. */
export function surveyFile(file: FileBytes, from: number, to?: number): ByteSurvey {
  const highCounts = new Uint32Array(128);
  const sum = { highCounts, highBesideHigh: 0, highBesideLetter: 0, utf8Sequences: 0, utf8Errors: 0, nulEven: 0, nulOdd: 0, firstNul: -1, controls: 0, hasText: false };
  for (const { start, bytes } of slicesOf(file, from, to)) {
    const one = surveyBytes(bytes);
    one.highCounts.forEach((count, index) => (highCounts[index] = (highCounts[index] ?? 0) + count));
    for (const key of ["highBesideHigh", "highBesideLetter", "utf8Sequences", "utf8Errors", "controls"] as const) sum[key] += one[key];
    const startsOdd = ((start - from) & 1) === 1;
    sum.nulEven += startsOdd ? one.nulOdd : one.nulEven;
    sum.nulOdd += startsOdd ? one.nulEven : one.nulOdd;
    if (sum.firstNul < 0 && one.firstNul >= 0) sum.firstNul = start - from + one.firstNul;
    sum.hasText ||= one.hasText;
  }
  return sum;
}

/** Looks at every byte once; runs of plain ASCII are passed four at a time. */
function surveyBytes(bytes: Uint8Array): ByteSurvey {
  const highCounts = new Uint32Array(128);
  let highBesideHigh = 0, highBesideLetter = 0, utf8Sequences = 0, utf8Errors = 0;
  let nulEven = 0, nulOdd = 0, firstNul = -1, controls = 0, hasText = false;
  const length = bytes.length;
  const alignedStart = (4 - (bytes.byteOffset & 3)) & 3;
  const words = length < 8 ? new Uint32Array(0) : new Uint32Array(bytes.buffer, bytes.byteOffset + alignedStart, (length - alignedStart) >> 2);
  let at = 0;
  while (at < length) {
    if (hasText && ((at - alignedStart) & 3) === 0 && at >= alignedStart) {
      let word = (at - alignedStart) >> 2;
      while (word < words.length && isPlainWord(words[word] ?? 0)) word += 1;
      at = (word << 2) + alignedStart;
      if (at >= length) break;
    }
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) {
      if (byte > 0x20 && byte !== 0x7f) hasText = true;
      else if (byte === 0) {
        if (firstNul < 0) firstNul = at;
        if ((at & 1) === 0) nulEven += 1;
        else nulOdd += 1;
      } else if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls += 1;
      at += 1;
      continue;
    }
    const sequence = utf8SequenceLength(bytes, at);
    if (sequence > 0) utf8Sequences += 1;
    else utf8Errors += 1;
    const end = at + Math.max(1, sequence);
    for (; at < end; at += 1) {
      const high = bytes[at] ?? 0;
      highCounts[high - 0x80] = (highCounts[high - 0x80] ?? 0) + 1;
      const before = bytes[at - 1] ?? 0;
      const after = bytes[at + 1] ?? 0;
      if (before >= 0x80 || after >= 0x80) highBesideHigh += 1;
      else if (isAsciiLetter(before) || isAsciiLetter(after)) highBesideLetter += 1;
      if (high !== 0xa0 && high !== 0xff && high !== 0xfe) hasText = true;
    }
  }
  return { highCounts, highBesideHigh, highBesideLetter, utf8Sequences, utf8Errors, nulEven, nulOdd, firstNul, controls, hasText };
}

/** Four ASCII bytes, none of them a control below 0x20 other than those the caller may pass over (it looks at words without any). */
function isPlainWord(word: number): boolean {
  return (word & 0x80808080) === 0 && ((word - 0x09090909) & ~word & 0x80808080) === 0;
}

function isAsciiLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Length of the well-formed UTF-8 sequence at an offset, 0 when it is not one. */
function utf8SequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  if (lead >= 0xc2 && lead <= 0xdf) return isContinuation(second) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (lead === 0xe0 && second < 0xa0) return 0;
    if (lead === 0xed && second > 0x9f) return 0;
    return isContinuation(second) && isContinuation(bytes[at + 2] ?? 0) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (lead === 0xf0 && second < 0x90) return 0;
    if (lead === 0xf4 && second > 0x8f) return 0;
    return isContinuation(second) && isContinuation(bytes[at + 2] ?? 0) && isContinuation(bytes[at + 3] ?? 0) ? 4 : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
