import { wholeOf, type FileBytes } from "../file-bytes.ts";

/** SHA-256 of bytes, in hexadecimal. */
export async function sha256Hex(file: FileBytes): Promise<string> {
  if (file.sha256 !== undefined) return file.sha256();
  const bytes = wholeOf(file);
  const unshared = bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", unshared));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
