import { SaldoError } from "@saldo/schema";
import { Inflate } from "fflate";
import { importLimits } from "../limits.ts";
import type { FileBytes } from "../../file-bytes.ts";

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
const localBytes = 30;
const endBytes = 22;
const locatorBytes = 20;
const end64Bytes = 56;
const commentBytesMax = 0xffff;
const stored = 0;
const deflated = 8;
/** Bytes of an entry fetched at a time. */
const sliceBytes = 1024 * 1024;
/** Compressed bytes given to the inflater at a time; deflate grows at most about 1,032 times, which bounds what comes out at once. */
const inflatePieceBytes = 16 * 1024;

/**
 * The entries of a ZIP archive, read from its central directory (PKWARE APPNOTE 6.3, ZIP64 sizes included); nothing is inflated.
 * Throws `import.archive_damaged` and `import.too_many_entries`.
 */
export function readArchive(file: FileBytes): readonly ArchiveEntry[] {
  const { count, offset } = findDirectory(file);
  if (count > importLimits.archiveEntriesMax) throw new SaldoError("import.too_many_entries", { entries: count, entriesMax: importLimits.archiveEntriesMax });
  if (offset > file.byteLength) throw damaged();
  const bytes = file.subarray(offset, Math.min(file.byteLength, offset + importLimits.archiveDirectoryBytesMax));
  const view = viewOf(bytes);
  const entries: ArchiveEntry[] = [];
  let at = 0;
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

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Where the directory begins: told by a record at the end of the file, before which ZIP64 has its own. */
function findDirectory(file: FileBytes): { count: number; offset: number } {
  const view = viewOf(file.subarray(Math.max(0, file.byteLength - locatorBytes - endBytes - commentBytesMax), file.byteLength));
  const lowest = Math.max(0, view.byteLength - endBytes - commentBytesMax);
  for (let at = view.byteLength - endBytes; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) !== endSignature) continue;
    const count = view.getUint16(at + 10, true);
    const offset = view.getUint32(at + 16, true);
    return count === 0xffff || offset === 0xffffffff ? findDirectory64(file, view, at, { count, offset }) : { count, offset };
  }
  throw damaged();
}

function findDirectory64(file: FileBytes, end: DataView, endAt: number, plain: { count: number; offset: number }): { count: number; offset: number } {
  const locatorAt = endAt - locatorBytes;
  if (locatorAt < 0 || end.getUint32(locatorAt, true) !== locator64Signature) return plain;
  const at = Number(end.getBigUint64(locatorAt + 8, true));
  if (at + end64Bytes > file.byteLength) throw damaged();
  const view = viewOf(file.subarray(at, at + end64Bytes));
  if (view.getUint32(0, true) !== end64Signature) throw damaged();
  return { count: Number(view.getBigUint64(32, true)), offset: Number(view.getBigUint64(48, true)) };
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
export function* inflateEntry(file: FileBytes, entry: ArchiveEntry, onConsumed: (fileOffset: number) => void = () => undefined): Generator<Uint8Array, void, void> {
  if (entry.isEncrypted) throw new SaldoError("import.archive_encrypted");
  const data = storedRange(file, entry);
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
  if (entry.method === stored) for (const { bytes, consumedBytes } of slicesOfRange(file, data)) yield count(bytes, consumedBytes);
  else if (entry.method === deflated) yield* inflateCounted(file, data, count);
  else throw damaged();
  if (inflatedBytes !== entry.inflatedBytes) throw damaged();
}

function* inflateCounted(file: FileBytes, range: Range, count: (piece: Uint8Array, consumedBytes: number) => Uint8Array): Generator<Uint8Array, void, void> {
  let ready: Uint8Array[] = [];
  const inflate = new Inflate((piece) => ready.push(piece));
  for (const { bytes, consumedBytes } of slicesOfRange(file, range)) {
    const before = consumedBytes - bytes.length;
    for (let at = 0; at < bytes.length; at += inflatePieceBytes) {
      const end = Math.min(bytes.length, at + inflatePieceBytes);
      try {
        inflate.push(bytes.subarray(at, end), before + end === range.to - range.from);
      } catch {
        throw damaged();
      }
      for (const piece of ready) yield count(piece, before + end);
      ready = [];
    }
  }
}

/** Where the stored bytes of an entry lie in the file. */
interface Range {
  readonly from: number;
  readonly to: number;
}

function* slicesOfRange(file: FileBytes, { from, to }: Range): Generator<{ readonly bytes: Uint8Array; readonly consumedBytes: number }, void, void> {
  for (let start = from; start < to; start += sliceBytes) {
    const end = Math.min(to, start + sliceBytes);
    yield { bytes: file.subarray(start, end), consumedBytes: end - from };
  }
}

function storedRange(file: FileBytes, { localOffset: at, storedBytes }: ArchiveEntry): Range {
  if (at + localBytes > file.byteLength) throw damaged();
  const view = viewOf(file.subarray(at, at + localBytes));
  if (view.getUint32(0, true) !== localSignature) throw damaged();
  const from = at + localBytes + view.getUint16(26, true) + view.getUint16(28, true);
  if (from + storedBytes > file.byteLength) throw damaged();
  return { from, to: from + storedBytes };
}
