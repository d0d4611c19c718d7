import { SaldoError } from "@saldo/schema";
import { Inflate } from "fflate";
import { importLimits } from "../limits.ts";

/** One entry of a ZIP archive as its central directory has it. */
export interface ArchiveEntry {
  readonly name: string;
  readonly storedBytes: number;
  /** What the directory says; the truth is counted while inflating. */
  readonly inflatedBytes: number;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly localOffset: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const commentBytesMax = 0xffff;
const stored = 0;
const deflated = 8;
/** Compressed bytes given to the inflater at a time; deflate grows at most about 1,032 times, which bounds what comes out at once. */
const inflatePieceBytes = 16 * 1024;

/**
 * The entries of a ZIP archive, read from its central directory (PKWARE APPNOTE 6.3, ZIP64 sizes included); nothing is inflated.
 * Throws `import.archive_damaged` and `import.too_many_entries`.
 */
export function readArchive(bytes: Uint8Array): readonly ArchiveEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, offset } = findDirectory(view);
  if (count > importLimits.archiveEntriesMax) throw new SaldoError("import.too_many_entries", { entries: count, entriesMax: importLimits.archiveEntriesMax });
  const entries: ArchiveEntry[] = [];
  let at = offset;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== centralSignature) throw damaged();
    const [nameBytes, extraBytes, commentBytes] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    const end = at + 46 + nameBytes + extraBytes + commentBytes;
    if (end > bytes.length) throw damaged();
    entries.push(readEntry(view, bytes, at, nameBytes, extraBytes));
    at = end;
  }
  return entries;
}

function damaged(): SaldoError {
  return new SaldoError("import.archive_damaged");
}

function findDirectory(view: DataView): { count: number; offset: number } {
  const lowest = Math.max(0, view.byteLength - endBytes - commentBytesMax);
  for (let at = view.byteLength - endBytes; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) !== endSignature) continue;
    const count = view.getUint16(at + 10, true);
    const offset = view.getUint32(at + 16, true);
    return count === 0xffff || offset === 0xffffffff ? findDirectory64(view, at, { count, offset }) : { count, offset };
  }
  throw damaged();
}

function findDirectory64(view: DataView, endAt: number, plain: { count: number; offset: number }): { count: number; offset: number } {
  const locatorAt = endAt - 20;
  if (locatorAt < 0 || view.getUint32(locatorAt, true) !== locator64Signature) return plain;
  const at = Number(view.getBigUint64(locatorAt + 8, true));
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== end64Signature) throw damaged();
  return { count: Number(view.getBigUint64(at + 32, true)), offset: Number(view.getBigUint64(at + 48, true)) };
}

function readEntry(view: DataView, bytes: Uint8Array, at: number, nameBytes: number, extraBytes: number): ArchiveEntry {
  const flags = view.getUint16(at + 8, true);
  const nameAt = at + 46;
  const name = new TextDecoder((flags & 0x800) === 0 ? "ibm866" : "utf-8").decode(bytes.subarray(nameAt, nameAt + nameBytes));
  const sizes = { inflated: view.getUint32(at + 24, true), stored: view.getUint32(at + 20, true), offset: view.getUint32(at + 42, true) };
  readSizes64(view, nameAt + nameBytes, nameAt + nameBytes + extraBytes, sizes);
  return { name, storedBytes: sizes.stored, inflatedBytes: sizes.inflated, isEncrypted: (flags & 1) !== 0, method: view.getUint16(at + 10, true), localOffset: sizes.offset };
}

/** Fields that read 0xFFFFFFFF stand in the ZIP64 extra field, in this order. */
function readSizes64(view: DataView, from: number, to: number, sizes: { inflated: number; stored: number; offset: number }): void {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    for (const key of ["inflated", "stored", "offset"] as const) {
      if (sizes[key] !== 0xffffffff || field + 8 > to) continue;
      sizes[key] = Number(view.getBigUint64(field, true));
      field += 8;
    }
    return;
  }
}

/**
 * Inflates an entry piece by piece, counting as it goes. Throws `import.inflates_too_far` when far more comes out than went in or than
 * we read, `import.archive_damaged` when the data is broken or of another length than the directory says, `import.archive_encrypted`.
 */
export function* inflateEntry(bytes: Uint8Array, entry: ArchiveEntry, onConsumed: (fileOffset: number) => void = () => undefined): Generator<Uint8Array, void, void> {
  if (entry.isEncrypted) throw new SaldoError("import.archive_encrypted");
  const data = storedData(bytes, entry);
  let inflatedBytes = 0;
  const count = (piece: Uint8Array, consumedBytes: number): Uint8Array => {
    inflatedBytes += piece.length;
    onConsumed(entry.localOffset + consumedBytes);
    const isBomb = inflatedBytes > importLimits.inflatedFreeBytes && inflatedBytes > consumedBytes * importLimits.inflatedRatioMax;
    if (isBomb || inflatedBytes > importLimits.inflatedBytesMax) {
      throw new SaldoError("import.inflates_too_far", { inflatedBytes, ratioMax: importLimits.inflatedRatioMax, bytesMax: importLimits.inflatedBytesMax });
    }
    return piece;
  };
  if (entry.method === stored) yield count(data, data.length);
  else if (entry.method === deflated) yield* inflateCounted(data, count);
  else throw damaged();
  if (inflatedBytes !== entry.inflatedBytes) throw damaged();
}

function* inflateCounted(data: Uint8Array, count: (piece: Uint8Array, consumedBytes: number) => Uint8Array): Generator<Uint8Array, void, void> {
  let ready: Uint8Array[] = [];
  const inflate = new Inflate((piece) => ready.push(piece));
  for (let at = 0; at < data.length; at += inflatePieceBytes) {
    const end = Math.min(data.length, at + inflatePieceBytes);
    try {
      inflate.push(data.subarray(at, end), end === data.length);
    } catch {
      throw damaged();
    }
    for (const piece of ready) yield count(piece, end);
    ready = [];
  }
}

function storedData(bytes: Uint8Array, entry: ArchiveEntry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = entry.localOffset;
  if (at + 30 > bytes.length || view.getUint32(at, true) !== localSignature) throw damaged();
  const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (from + entry.storedBytes > bytes.length) throw damaged();
  return bytes.subarray(from, from + entry.storedBytes);
}
