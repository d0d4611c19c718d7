import type { TextEncoding } from "../model.ts";
import { decoderOf } from "../text/decode.ts";

/** The bytes of a text in an encoding; what a single-byte one does not have becomes `?`. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  if (encoding === "utf-16le") return new Uint8Array(Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).buffer);
  if (encoding === "utf-16be") return Uint8Array.from({ length: text.length * 2 }, (_, at) => (at % 2 === 0 ? text.charCodeAt(at >> 1) >> 8 : text.charCodeAt(at >> 1) & 0xff));
  const decode = decoderOf(encoding);
  const byteOf = new Map(Array.from({ length: 256 }, (_, byte) => [decode(Uint8Array.of(byte)), byte]));
  return Uint8Array.from(text, (character) => byteOf.get(character) ?? 63);
}
