import { ByteReader } from "./bytes.ts";

/** Numbers of the records we read ([MS-XLS] 2.3). */
export const recordTypes = {
  formula: 0x06, endOfStream: 0x0a, date1904: 0x22, filePass: 0x2f, continued: 0x3c, codePage: 0x42, boundSheet: 0x85, mulRk: 0xbd, richString: 0xd6,
  extendedFormat: 0xe0, mergedCells: 0xe5, sharedStrings: 0xfc, labelShared: 0xfd, number: 0x203, label: 0x204, boolOrError: 0x205, stringResult: 0x207,
  row: 0x208, rk: 0x27e, numberFormat: 0x41e, beginOfStream: 0x809,
} as const;

/** A record of a workbook stream; `at` is where it stands. */
export interface BiffRecord {
  readonly type: number;
  readonly data: ByteReader;
  readonly at: number;
}

/** The records of a stream from a place on; a last one cut off ends them. */
export function* recordsFrom(stream: Uint8Array, from: number): Generator<BiffRecord, void, void> {
  const reader = new ByteReader(stream);
  for (let at = from; at + 4 <= stream.length; ) {
    const byteCount = reader.u16(at + 2);
    if (at + 4 + byteCount > stream.length) return;
    yield { type: reader.u16(at), data: new ByteReader(stream.subarray(at + 4, at + 4 + byteCount)), at };
    at += 4 + byteCount;
  }
}
