/** Turns text into bytes of an encoding, and counts what had to be replaced. */
export interface TextBytes {
  encode(text: string): Uint8Array;
  /** Characters the encoding does not have, written as `?`. */
  readonly replaced: number;
}

/** UTF-8, which has every character. */
export function utf8Bytes(): TextBytes {
  const encoder = new TextEncoder();
  return { encode: (text) => encoder.encode(text), replaced: 0 };
}

/** windows-1251, which is what 1C reads. */
export function windows1251Bytes(): TextBytes {
  const decoder = new TextDecoder("windows-1251");
  const byteOf = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)).charCodeAt(0), byte]));
  let replaced = 0;
  return {
    encode(text) {
      const bytes = new Uint8Array(text.length);
      for (let at = 0; at < text.length; at += 1) {
        const byte = byteOf.get(text.charCodeAt(at));
        if (byte === undefined) replaced += 1;
        bytes[at] = byte ?? 63;
      }
      return bytes;
    },
    get replaced() {
      return replaced;
    },
  };
}
