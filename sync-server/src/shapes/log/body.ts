import { open } from "node:fs/promises";
import { FileBody, filePieceBytesMax, readFully } from "./file-body.ts";

/** Bytes of {@link jsonArrayBody}'s answer for the same range and message. */
export function jsonArrayBytes(fromByte: number, toByte: number, extra: string | undefined): number {
  const separatorBytes = extra === undefined && toByte > fromByte ? 2 : 0;
  return 1 + toByte - fromByte - separatorBytes + Buffer.byteLength(extra ?? "") + 1;
}

/**
 * A JSON array body made of the messages in bytes `[fromByte, toByte)` of a file and, when given, one more message at the end.
 * Small ranges come as one buffer, larger ones as a stream, so that memory does not grow with the range.
 */
export async function jsonArrayBody(path: string, fromByte: number, toByte: number, extra: string | undefined, inMemory?: Buffer): Promise<Uint8Array<ArrayBuffer> | FileBody> {
  const head = Buffer.from("[");
  const end = Buffer.from(`${extra ?? ""}]`);
  const endByte = extra === undefined && toByte > fromByte ? toByte - 2 : toByte;
  const length = endByte - fromByte;
  if (inMemory !== undefined || length === 0) return Buffer.concat([head, inMemory?.subarray(0, length) ?? Buffer.alloc(0), end]);
  const file = await open(path, "r");
  if (length > filePieceBytesMax) return new FileBody({ file, fromByte, endByte, head, end });
  try {
    const bytes = Buffer.from(new ArrayBuffer(head.length + length + end.length));
    bytes.set(head);
    await readFully(file, fromByte, bytes.subarray(head.length, head.length + length));
    bytes.set(end, head.length + length);
    return bytes;
  } finally {
    await file.close();
  }
}
