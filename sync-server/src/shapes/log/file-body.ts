import type { FileHandle } from "node:fs/promises";

/** Bytes that are read at once. */
export const filePieceBytesMax = 256 * 1024;

/** A stretch of a file between two small texts. */
export interface FileBodyParts {
  /** Closed by whoever reads the body, at its end or when they leave. */
  readonly file: FileHandle;
  readonly fromByte: number;
  readonly endByte: number;
  readonly head: Buffer;
  readonly end: Buffer;
}

/** Reads `bytes.length` bytes at a place of a file. Throws when the file is shorter. */
export async function readFully(file: FileHandle, fromByte: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, fromByte + done);
    if (bytesRead === 0) throw new Error("a shape file is shorter than its index says");
    done += bytesRead;
  }
}

/**
 * A large body that lies in a file, read as its reader takes it. Read as a stream, each piece is a buffer of its own. Whoever writes to a
 * socket takes {@link writeTo} in place of the stream: there one buffer serves all pieces, which costs a third of the processor time.
 */
export class FileBody extends ReadableStream<Uint8Array> {
  readonly #parts: FileBodyParts;

  constructor(parts: FileBodyParts) {
    const pieces = piecesOf(parts, (bytes) => Buffer.allocUnsafeSlow(bytes));
    super(
      {
        pull: async (controller) => {
          const { done, value } = await pieces.next();
          if (done !== true) controller.enqueue(value);
          else controller.close();
        },
        // A generator that has not begun has nothing to clean up.
        cancel: async () => void (await Promise.all([pieces.return(), parts.file.close()])),
      },
      { highWaterMark: 0 },
    );
    this.#parts = parts;
  }

  /**
   * Hands all bytes to `write`, in `buffer`, which must have room for a piece and what surrounds it. `write` resolves when it is done with
   * the bytes it was given, and rejects when nobody reads any more. Throws what reading and `write` throw; the file is closed in any case.
   */
  async writeTo(write: (bytes: Buffer) => Promise<void>, buffer: Buffer): Promise<void> {
    const take = (bytes: number): Buffer => {
      if (bytes > buffer.length) throw new RangeError("the buffer is too small for a piece");
      return buffer.subarray(0, bytes);
    };
    for await (const piece of piecesOf(this.#parts, take)) await write(piece);
  }
}

/** The pieces of a body in order; the first one begins with the head, the last one has the end. */
async function* piecesOf({ file, fromByte, endByte, head, end }: FileBodyParts, take: (bytes: number) => Buffer): AsyncGenerator<Buffer, void> {
  try {
    for (let at = fromByte; at < endByte; ) {
      const pieceBytes = Math.min(filePieceBytesMax, endByte - at);
      const before = at === fromByte ? head.length : 0;
      const isLast = at + pieceBytes === endByte;
      const piece = take(before + pieceBytes + (isLast ? end.length : 0));
      if (before > 0) piece.set(head);
      await readFully(file, at, piece.subarray(before, before + pieceBytes));
      if (isLast) piece.set(end, before + pieceBytes);
      at += pieceBytes;
      yield piece;
    }
  } finally {
    await file.close();
  }
}
