/** A position in a shape log: commit LSN, then the operation within that transaction. `op` may be `Infinity`. */
export interface LogOffset {
  readonly tx: bigint;
  readonly op: number;
}

/** The end of a snapshot, before any logged transaction: `0_inf`. */
export const snapshotEndOffset: LogOffset = { tx: 0n, op: Infinity };

/** What a request may ask for: the start, only what is new, or everything after a position. */
export type RequestedOffset = { readonly kind: "start" } | { readonly kind: "now" } | { readonly kind: "after"; readonly offset: LogOffset };

const offsetPattern = /^(\d{1,20})_(\d{1,15}|inf)$/;
const uint64Max = (1n << 64n) - 1n;

/** Reads the `offset` parameter of the protocol; `undefined` when it has another form. */
export function parseOffset(text: string): RequestedOffset | undefined {
  if (text === "-1") return { kind: "start" };
  if (text === "now") return { kind: "now" };
  const match = offsetPattern.exec(text);
  const tx = match?.[1];
  const op = match?.[2];
  if (tx === undefined || op === undefined || BigInt(tx) > uint64Max) return undefined;
  return { kind: "after", offset: { tx: BigInt(tx), op: op === "inf" ? Infinity : Number(op) } };
}

/** The wire form `<tx>_<op>`. */
export function formatOffset(offset: LogOffset): string {
  return `${offset.tx}_${offset.op === Infinity ? "inf" : offset.op}`;
}

/** Orders offsets: negative when `a` comes first. */
export function compareOffsets(a: LogOffset, b: LogOffset): number {
  if (a.tx !== b.tx) return a.tx < b.tx ? -1 : 1;
  return a.op === b.op ? 0 : a.op < b.op ? -1 : 1;
}

/** Reads Postgres' `X/Y` form of an LSN; throws on another form. */
export function parseLsn(text: string): bigint {
  const match = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text);
  if (match === null) throw new Error("not an LSN");
  return (BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`);
}

/** Postgres' `X/Y` form of an LSN. */
export function formatLsn(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffffffffn).toString(16).toUpperCase()}`;
}
