import { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { FileBody, filePieceBytesMax } from "../log/file-body.ts";

const buffersKeptMax = 8;
/** A piece, and what stands before and behind it: a bracket, a control message. */
const bufferBytes = filePieceBytesMax + 4 * 1024;

/** Resolves when the connection is done with the bytes; rejects when it is over. */
function written(outgoing: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(new Error("the connection is closed"));
    if (outgoing.destroyed) return closed();
    outgoing.once("close", closed);
    outgoing.write(bytes, (error) => {
      outgoing.off("close", closed);
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * Sends the bodies that lie in files to the connection itself, through a few buffers used again and again, rather than as streams; other
 * answers are handed on as they are. For the outermost handler of a server of `@hono/node-server`.
 */
export class FileBodySender {
  readonly #free: Buffer[] = [];

  /** The answer, or a mark that it has been sent. */
  async send(response: Response, outgoing: unknown): Promise<Response> {
    // Asking for the body of an answer makes it a stream, and most are small.
    if (!(outgoing instanceof ServerResponse) || Number(response.headers.get("content-length") ?? "0") <= filePieceBytesMax) return response;
    const { body } = response;
    if (!(body instanceof FileBody)) return response;
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    try {
      await body.writeTo((bytes) => written(outgoing, bytes), buffer);
    } catch (error) {
      // What was announced cannot be kept: the client has to see that the answer is not whole. Its buffer may still be in the socket.
      outgoing.destroy(error instanceof Error ? error : undefined);
      return RESPONSE_ALREADY_SENT;
    }
    if (this.#free.length < buffersKeptMax) this.#free.push(buffer);
    outgoing.end();
    return RESPONSE_ALREADY_SENT;
  }
}
