import type { TextEncoding } from "../model.ts";

/** Turns bytes that end between two characters into text. */
export type Decode = (bytes: Uint8Array) => string;

/**
 * A decoder of an encoding by its WHATWG label; a byte order mark stays. Windows-1252 is decoded as a stream, for Node 20 takes it for
 * ISO-8859-1 otherwise: the euro sign and typographic quotes would be control characters.
 */
export function decoderOf(encoding: TextEncoding | `windows-125${number}`): Decode {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return encoding === "windows-1252" ? (bytes) => decoder.decode(bytes, { stream: true }) : (bytes) => decoder.decode(bytes);
}
