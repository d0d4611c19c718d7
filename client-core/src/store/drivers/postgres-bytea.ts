const digits = new TextEncoder().encode("0123456789abcdef");

/** Bytes as Postgres reads and writes them in text: `\\x` and two lower-case hex digits a byte. */
export function byteaText(bytes: Uint8Array): string {
  const hex = new Uint8Array(2 * bytes.byteLength);
  for (let index = 0; index < bytes.byteLength; index++) {
    const byte = bytes[index] ?? 0;
    hex[2 * index] = digits[byte >> 4] ?? 0;
    hex[2 * index + 1] = digits[byte & 15] ?? 0;
  }
  return `\\x${new TextDecoder("latin1").decode(hex)}`;
}

/** The bytes of such a text. */
export function bytesOfBytea(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2 - 1);
  for (let index = 0; index < bytes.byteLength; index++) bytes[index] = (digitOf(text, 2 * index + 2) << 4) | digitOf(text, 2 * index + 3);
  return bytes;
}

function digitOf(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 58 ? code - 48 : (code | 32) - 87;
}
