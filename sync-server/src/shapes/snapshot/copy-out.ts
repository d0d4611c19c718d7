import type { Connection, Submittable } from "pg";

const binaryHeaderBytes = 19;
const signature = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");

/** Calls `onValue` with the single column of each row in one binary COPY message. */
export function readCopyMessage(chunk: Buffer, onValue: (bytes: Buffer) => void): void {
  let at = chunk.length >= binaryHeaderBytes && chunk.subarray(0, signature.length).equals(signature) ? binaryHeaderBytes : 0;
  while (at < chunk.length) {
    if (chunk.readInt16BE(at) === -1) return;
    const length = chunk.readInt32BE(at + 2);
    at += 6;
    if (length < 0) throw new Error("a rendered row is null");
    onValue(chunk.subarray(at, at + length));
    at += length;
  }
}

/**
 * A `COPY (query) TO STDOUT (FORMAT binary)` of one text column, for `client.query(copy)`; `done` settles at its end.
 * Each value is only valid during its call. When it throws, the connection is cut: Postgres would send all the rest of the rows.
 */
export class CopyOut implements Submittable {
  readonly done: Promise<void>;
  readonly #sql: string;
  readonly #onValue: (bytes: Buffer) => void;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #connection: Connection | undefined;
  #failure: Error | undefined;

  constructor(query: string, onValue: (bytes: Buffer) => void) {
    this.#sql = `COPY (${query}) TO STDOUT (FORMAT binary)`;
    this.#onValue = onValue;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  readonly submit = (connection: Connection): void => {
    this.#connection = connection;
    connection.query(this.#sql);
  };

  handleCopyData(message: { readonly chunk: Buffer }): void {
    if (this.#failure !== undefined) return;
    try {
      readCopyMessage(message.chunk, this.#onValue);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#connection?.stream.destroy(this.#failure);
    }
  }

  handleError(error: Error): void {
    this.#reject(this.#failure ?? error);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.#resolve();
    else this.#reject(this.#failure);
  }
}
