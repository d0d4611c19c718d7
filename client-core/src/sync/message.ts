import type { TableName } from "@saldo/schema";

/** Columns of a row as the wire carries them: SQL names, Postgres text or null. */
export type WireRow = Readonly<Record<string, unknown>>;

/** One change of one row, as a shape tells it. */
export interface ShapeMessage {
  readonly operation: "insert" | "update" | "delete";
  readonly rowId: string;
  readonly value: WireRow;
  /** Commit it belongs to; 0 for a row of a snapshot. */
  readonly lsn: bigint;
  /** Its place in that commit. */
  readonly position: number;
}

/** A batch of a shape: its changes in order, and, when it ends with up-to-date, the LSN the shape is complete through. */
export interface ShapeBatch {
  readonly messages: readonly ShapeMessage[];
  readonly upToDate: bigint | undefined;
}

/** Reads messages of the Electric shape protocol. Unknown controls and events are passed over. Throws `TypeError` on a change that is none. */
export function readBatch(shape: TableName, raw: readonly unknown[]): ShapeBatch {
  const messages: ShapeMessage[] = [];
  let upToDate: bigint | undefined;
  for (const item of raw) {
    if (!isRecord(item) || !isRecord(item["headers"])) throw new TypeError(`${shape}: not a message`);
    const headers = item["headers"];
    const { operation, control } = headers;
    if (control === "up-to-date") upToDate = lsnOf(headers["global_last_seen_lsn"]);
    else if (operation === "insert" || operation === "update" || operation === "delete") messages.push(readChange(shape, operation, item["value"], headers));
  }
  return { messages, upToDate };
}

function readChange(shape: TableName, operation: ShapeMessage["operation"], value: unknown, headers: WireRow): ShapeMessage {
  if (!isRecord(value) || typeof value["id"] !== "string") throw new TypeError(`${shape}: a change without its row's id`);
  return { operation, rowId: value["id"], value, lsn: lsnOf(headers["lsn"]), position: Number(headers["op_position"] ?? 0) };
}

/** A decimal LSN; 0 where there is none. */
export function lsnOf(text: unknown): bigint {
  return typeof text === "string" && /^\d+$/.test(text) ? BigInt(text) : 0n;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
