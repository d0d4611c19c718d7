/**
 * The bytes of a file: at hand, or fetched slice by slice from where they lie, so that reading holds a slice and not the file. A
 * `Uint8Array` is one.
 */
export interface FileBytes {
  readonly byteLength: number;
  /** The bytes from one place up to another, which are not kept. Throws a catalogue error when they cannot be fetched. */
  subarray(from: number, to: number): Uint8Array;
  /** SHA-256 in hexadecimal, where it can be told without holding all bytes. */
  sha256?(): Promise<string>;
  /** The file itself, where another thread can be given it to open. */
  readonly blob?: Blob;
}

/** All bytes at once, for formats that are read in no order. */
export function wholeOf(file: FileBytes): Uint8Array {
  return file instanceof Uint8Array ? file : file.subarray(0, file.byteLength);
}

const sliceBytesMax = 1024 * 1024;

/** A slice of a file and where it begins. */
export interface FileSlice {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Slices of a file from a place on, each cut after a line break where there is one, so that no character and no word is cut in two. */
export function* slicesOf(file: FileBytes, from: number, to: number = file.byteLength, sizeMax: number = sliceBytesMax): Generator<FileSlice, void, void> {
  for (let start = from; start < to; ) {
    const bytes = file.subarray(start, Math.min(to, start + sizeMax));
    const cut = start + bytes.length >= to ? bytes.length : sliceEnd(bytes);
    yield { start, bytes: bytes.subarray(0, cut) };
    start += cut;
  }
}

function sliceEnd(bytes: Uint8Array): number {
  const lineEnd = bytes.lastIndexOf(10);
  return lineEnd >= 0 ? lineEnd + 1 : wholeCharacters(bytes);
}

/** How many bytes are whole characters of UTF-8: a sequence that the end may have cut is left off; it is four bytes long at most. */
export function wholeCharacters(bytes: Uint8Array): number {
  let lead = bytes.length - 1;
  while (lead > 0 && lead > bytes.length - 4 && ((bytes[lead] ?? 0) & 0xc0) === 0x80) lead -= 1;
  return lead > 0 && (bytes[lead] ?? 0) >= 0xc0 ? lead : bytes.length;
}
