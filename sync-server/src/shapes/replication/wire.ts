import type { Connection, Submittable } from "pg";

/** Microseconds between the Unix epoch and Postgres' (2000-01-01). */
const postgresEpochUs = 946_684_800_000_000n;

/** What the server sends inside the replication stream. */
export type StreamMessage =
  | { readonly kind: "data"; readonly bytes: Buffer }
  | { readonly kind: "keepalive"; readonly walEnd: bigint; readonly replyRequested: boolean };

const walDataHeaderBytes = 25;

/** Reads an XLogData or keepalive message; `undefined` for others. `bytes` start after the header. */
export function readStreamMessage(chunk: Buffer): StreamMessage | undefined {
  const kind = chunk[0];
  if (kind === 0x77) return { kind: "data", bytes: chunk.subarray(walDataHeaderBytes) };
  if (kind === 0x6b) return { kind: "keepalive", walEnd: chunk.readBigUInt64BE(1), replyRequested: chunk[17] === 1 };
  return undefined;
}

/** A standby status update, framed as CopyData: everything before `lsn` is safe here. */
export function statusUpdate(lsn: bigint, nowMs: number, requestReply: boolean): Buffer {
  const bytes = Buffer.alloc(5 + 34);
  bytes.write("d", 0, "latin1");
  bytes.writeInt32BE(4 + 34, 1);
  bytes.write("r", 5, "latin1");
  bytes.writeBigUInt64BE(lsn, 6);
  bytes.writeBigUInt64BE(lsn, 14);
  bytes.writeBigUInt64BE(lsn, 22);
  bytes.writeBigInt64BE(BigInt(nowMs) * 1000n - postgresEpochUs, 30);
  bytes.writeUInt8(requestReply ? 1 : 0, 38);
  return bytes;
}

/** A START_REPLICATION command for `client.query()`: hands over every CopyData chunk until the server ends it. */
export class ReplicationStream implements Submittable {
  readonly #sql: string;
  readonly #onChunk: (chunk: Buffer) => void;
  readonly #onEnd: (error: Error) => void;

  constructor(sql: string, onChunk: (chunk: Buffer) => void, onEnd: (error: Error) => void) {
    this.#sql = sql;
    this.#onChunk = onChunk;
    this.#onEnd = onEnd;
  }

  readonly submit = (connection: Connection): void => connection.query(this.#sql);

  handleCopyData(message: { readonly chunk: Buffer }): void {
    this.#onChunk(message.chunk);
  }

  handleError(error: Error): void {
    this.#onEnd(error);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#onEnd(new Error("the server ended the replication stream"));
  }
}
