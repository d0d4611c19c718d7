import { SaldoError } from "@saldo/schema";
import { ByteReader } from "./bytes.ts";

const signature = [0xd0cf11e0, 0xa1b11ae1] as const;
const headerBytes = 512;
const headerFatSectors = 109;
const directoryEntryBytes = 128;
const lastSectorId = 0xffff_fffa;
const streamType = 2;
const rootType = 5;

interface DirectoryEntry {
  readonly name: string;
  readonly type: number;
  readonly start: number;
  readonly byteCount: number;
}

/** The streams of a compound file, by name. */
export interface CompoundFile {
  readonly names: readonly string[];
  /** The bytes of a stream; `undefined` when there is none of that name. */
  readonly stream: (name: string) => Uint8Array | undefined;
}

/**
 * Opens a compound file ([MS-CFB]): a small file system of sectors that holds the streams of legacy Office files. Chains are never
 * followed further than the file has sectors. Throws `import.archive_damaged`.
 */
export function openCompound(bytes: Uint8Array): CompoundFile {
  const header = new ByteReader(bytes);
  if (bytes.length < headerBytes || header.u32be(0) !== signature[0] || header.u32be(4) !== signature[1]) throw new SaldoError("import.archive_damaged");
  const sectorBytes = sectorSize(header.u16(30), 7, 16);
  const miniBytes = sectorSize(header.u16(32), 2, 12);
  const miniCutoff = header.u32(56);
  const sectors = new Sectors(bytes, sectorBytes);
  const fat = readTable(sectors, fatSectors(header, sectors));
  const directory = readDirectory(sectors.join(chainOf(fat, header.u32(48))));
  const root = directory.find(({ type }) => type === rootType);
  const miniFat = readTable(sectors, chainOf(fat, header.u32(60)));
  const miniStream = root === undefined ? new Uint8Array() : sectors.join(chainOf(fat, root.start));
  const minis = new Sectors(miniStream, miniBytes, 0);
  const streamOf = ({ start, byteCount }: DirectoryEntry): Uint8Array => {
    const whole = byteCount < miniCutoff ? minis.join(chainOf(miniFat, start)) : sectors.join(chainOf(fat, start));
    return whole.subarray(0, Math.min(byteCount, whole.length));
  };
  const streams = directory.filter(({ type }) => type === streamType);
  return {
    names: streams.map(({ name }) => name),
    stream(name) {
      const entry = streams.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
      return entry === undefined ? undefined : streamOf(entry);
    },
  };
}

function sectorSize(shift: number, least: number, most: number): number {
  if (shift < least || shift > most) throw new SaldoError("import.archive_damaged");
  return 1 << shift;
}

/** Sectors of equal size; the first stands after a header of its own size, or at once. */
class Sectors {
  readonly count: number;

  constructor(
    private readonly bytes: Uint8Array,
    readonly sectorBytes: number,
    private readonly headerSectors = 1,
  ) {
    this.count = Math.max(0, Math.ceil(bytes.length / sectorBytes) - headerSectors);
  }

  /** A sector; the last one of a file may be cut short. */
  at(id: number): Uint8Array {
    if (id >= this.count) throw new SaldoError("import.archive_damaged");
    const from = (id + this.headerSectors) * this.sectorBytes;
    return this.bytes.subarray(from, from + this.sectorBytes);
  }

  join(ids: readonly number[]): Uint8Array {
    const whole = new Uint8Array(ids.length * this.sectorBytes);
    ids.forEach((id, at) => whole.set(this.at(id), at * this.sectorBytes));
    return whole;
  }
}

/** Sectors of the allocation table: the first 109 in the header, the others in a chain of their own. */
function fatSectors(header: ByteReader, sectors: Sectors): number[] {
  const ids: number[] = [];
  const wanted = Math.min(header.u32(44), sectors.count);
  for (let at = 0; at < headerFatSectors && ids.length < wanted; at += 1) ids.push(header.u32(76 + at * 4));
  const perSector = sectors.sectorBytes / 4 - 1;
  for (let next = header.u32(68), steps = 0; ids.length < wanted && next < lastSectorId && steps < sectors.count; steps += 1) {
    const sector = new ByteReader(sectors.at(next));
    for (let at = 0; at < perSector && ids.length < wanted; at += 1) ids.push(sector.u32(at * 4));
    next = sector.u32(perSector * 4);
  }
  return ids.filter((id) => id < lastSectorId);
}

function readTable(sectors: Sectors, ids: readonly number[]): Uint32Array {
  const table = new Uint32Array((ids.length * sectors.sectorBytes) / 4);
  const joined = new ByteReader(sectors.join(ids));
  for (let at = 0; at < table.length; at += 1) table[at] = joined.u32(at * 4);
  return table;
}

function chainOf(table: Uint32Array, start: number): number[] {
  const ids: number[] = [];
  for (let id = start; id < lastSectorId; id = table[id] ?? lastSectorId) {
    if (id >= table.length || ids.length > table.length) throw new SaldoError("import.archive_damaged");
    ids.push(id);
  }
  return ids;
}

function readDirectory(bytes: Uint8Array): DirectoryEntry[] {
  const reader = new ByteReader(bytes);
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at + directoryEntryBytes <= bytes.length; at += directoryEntryBytes) {
    const nameBytes = Math.min(64, reader.u16(at + 64));
    const type = reader.u8(at + 66);
    if (type === 0 || nameBytes < 2) continue;
    const name = new TextDecoder("utf-16le").decode(bytes.subarray(at, at + nameBytes - 2));
    entries.push({ name, type, start: reader.u32(at + 116), byteCount: reader.u32(at + 120) });
  }
  return entries;
}
