import { type FileHandle, open } from "node:fs/promises";

const pieceBytesMax = 256 * 1024;

async function readFully(file: FileHandle, fromByte: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, fromByte + done);
    if (bytesRead === 0) throw new Error("a shape file is shorter than its index says");
    done += bytesRead;
  }
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
  if (length <= pieceBytesMax) {
    const bytes = Buffer.alloc(length + head.length + end.length);
    bytes.set(head, 0);
    bytes.set(end, head.length + length);
    try {
      await readFully(file, fromByte, bytes.subarray(head.length, head.length + length));
    } finally {
      await file.close();
    }
    return bytes;
  }
  let at = fromByte;
  return new ReadableStream<Uint8Array>({
    type: "bytes",
    start: (controller) => controller.enqueue(new Uint8Array(head)),
    pull: async (controller) => {
      try {
        const piece = Buffer.alloc(Math.min(pieceBytesMax, endByte - at));
        await readFully(file, at, piece);
        at += piece.length;
        controller.enqueue(piece);
        if (at < endByte) return;
        controller.enqueue(new Uint8Array(end));
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
