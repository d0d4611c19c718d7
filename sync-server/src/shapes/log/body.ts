import { type FileHandle, open } from "node:fs/promises";

const pieceBytesMax = 256 * 1024;

async function readFully(file: FileHandle, fromByte: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, fromByte + done);
    if (bytesRead === 0) throw new Error("a shape file is shorter than its index says");
    done += bytesRead;
  }
}

/** Bytes of {@link jsonArrayBody}'s answer for the same range and message. */
export function jsonArrayBytes(fromByte: number, toByte: number, extra: string | undefined): number {
  const separatorBytes = extra === undefined && toByte > fromByte ? 2 : 0;
  return 1 + toByte - fromByte - separatorBytes + Buffer.byteLength(extra ?? "") + 1;
}

/**
 * A JSON array body made of the messages in bytes `[fromByte, toByte)` of a file and, when given, one more message at the end.
 * Small ranges come as one buffer, larger ones as a stream, so that memory does not grow with the range.
 */
export async function jsonArrayBody(path: string, fromByte: number, toByte: number, extra: string | undefined, inMemory?: Buffer): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const end = Buffer.from(`${extra ?? ""}]`);
  const endByte = extra === undefined && toByte > fromByte ? toByte - 2 : toByte;
  const length = endByte - fromByte;
  const head = Buffer.from("[");
  if (inMemory !== undefined || length === 0) return Buffer.concat([head, inMemory?.subarray(0, length) ?? Buffer.alloc(0), end]);
  const file = await open(path, "r");
  let at = fromByte;
  /** The next piece of the body; the first one begins with the bracket, the last one has the end. */
  const next = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const pieceBytes = Math.min(pieceBytesMax, endByte - at);
    const before = at === fromByte ? head.length : 0;
    const isLast = at + pieceBytes === endByte;
    const piece = Buffer.from(new ArrayBuffer(before + pieceBytes + (isLast ? end.length : 0)));
    if (before > 0) piece.set(head, 0);
    await readFully(file, at, piece.subarray(before, before + pieceBytes));
    if (isLast) piece.set(end, before + pieceBytes);
    at += pieceBytes;
    return piece;
  };
  if (length <= pieceBytesMax) {
    try {
      return await next();
    } finally {
      await file.close();
    }
  }
  return new ReadableStream<Uint8Array>({
    type: "bytes",
    pull: async (controller) => {
      try {
        controller.enqueue(await next());
        if (at < endByte) return;
        controller.close();
        await file.close();
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    cancel: () => file.close(),
  });
}
