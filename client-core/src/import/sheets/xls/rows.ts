import type { Decode } from "../../text/decode.ts";
import type { NumberWriter } from "../cell-text.ts";
import type { MergedCells } from "../merged.ts";
import { builtInFormat, type NumberFormat } from "../number-format.ts";
import type { SheetRow } from "../workbook.ts";
import type { ByteReader } from "./bytes.ts";
import { recordsFrom, recordTypes, type BiffRecord } from "./records.ts";
import { stringAt } from "./strings.ts";

/** What the cells of a sheet refer to. */
export interface BiffContext {
  readonly stream: Uint8Array;
  readonly formats: readonly NumberFormat[];
  readonly texts: readonly string[];
  readonly writeNumber: NumberWriter;
  /** Decodes strings of versions before BIFF8. */
  readonly legacy: Decode | undefined;
}

const general = builtInFormat(0);
const errorTexts: Readonly<Record<number, string>> = { 0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A" };

/** One cell or several side by side, with the row they stand in. */
interface CellsRead {
  readonly row: number;
  readonly column: number;
  readonly texts: readonly string[];
}

/** The rows of a sheet substream that starts at a place of the stream. */
export function* readBiffRows(context: BiffContext, from: number): Generator<SheetRow, void, void> {
  const hidden = new Set<number>();
  let current = -1;
  let cells: string[] = [];
  const finished = (): SheetRow => ({ line: current + 1, cells, isHidden: hidden.has(current) });
  let awaited: { readonly row: number; readonly column: number } | undefined;
  for (const record of sheetRecords(context.stream, from)) {
    const { type, data } = record;
    if (type === recordTypes.row && (data.u16(12) & 0x20) !== 0) hidden.add(data.u16(0));
    const read = type === recordTypes.stringResult && awaited !== undefined ? { ...awaited, texts: [stringAt(data, 0, 2, context.legacy)] } : readCells(record, context);
    if (type === recordTypes.formula) awaited = hasTextResult(data) ? { row: data.u16(0), column: data.u16(2) } : undefined;
    else if (type === recordTypes.stringResult) awaited = undefined;
    if (read === undefined) continue;
    if (read.row !== current) {
      if (current >= 0) yield finished();
      current = read.row;
      cells = [];
    }
    read.texts.forEach((text, offset) => {
      if (text === "") return;
      while (cells.length <= read.column + offset) cells.push("");
      cells[read.column + offset] = text;
    });
  }
  if (current >= 0) yield finished();
}

/** Cells merged over several rows. */
export function readBiffMerges(stream: Uint8Array, from: number): readonly MergedCells[] {
  const merged: MergedCells[] = [];
  for (const { type, data } of sheetRecords(stream, from)) {
    if (type !== recordTypes.mergedCells) continue;
    const count = data.u16(0);
    for (let index = 0; index < count; index += 1) {
      const at = 2 + index * 8;
      const [top, bottom] = [data.u16(at) + 1, data.u16(at + 2) + 1];
      if (bottom > top) merged.push({ column: data.u16(at + 4), top, bottom });
    }
  }
  return merged;
}

/** Records of one sheet, those of charts drawn in it left out. */
function* sheetRecords(stream: Uint8Array, from: number): Generator<BiffRecord, void, void> {
  let depth = 0;
  for (const record of recordsFrom(stream, from)) {
    if (record.type === recordTypes.beginOfStream) depth += 1;
    if (record.type === recordTypes.endOfStream) {
      depth -= 1;
      if (depth <= 0) return;
    }
    if (depth === 1) yield record;
  }
}

function readCells({ type, data }: BiffRecord, context: BiffContext): CellsRead | undefined {
  const formatOf = (index: number): NumberFormat => context.formats[index] ?? general;
  const one = (text: string): CellsRead => ({ row: data.u16(0), column: data.u16(2), texts: [text] });
  switch (type) {
    case recordTypes.labelShared:
      return one(context.texts[data.u32(6)] ?? "");
    case recordTypes.label:
    case recordTypes.richString:
      return one(stringAt(data, 6, 2, context.legacy));
    case recordTypes.number:
      return one(context.writeNumber(data.f64(6), formatOf(data.u16(4))));
    case recordTypes.rk:
      return one(context.writeNumber(rkNumber(data.u32(6)), formatOf(data.u16(4))));
    case recordTypes.mulRk: {
      const count = Math.max(0, Math.floor((data.length - 6) / 6));
      const texts = Array.from({ length: count }, (_, at) => context.writeNumber(rkNumber(data.u32(6 + at * 6)), formatOf(data.u16(4 + at * 6))));
      return { row: data.u16(0), column: data.u16(2), texts };
    }
    case recordTypes.boolOrError:
      return one(data.u8(7) === 0 ? (data.u8(6) === 1 ? "TRUE" : "FALSE") : (errorTexts[data.u8(6)] ?? "#N/A"));
    case recordTypes.formula:
      return formulaResult(data, context.writeNumber, formatOf(data.u16(4)));
    default:
      return undefined;
  }
}

function hasTextResult(data: ByteReader): boolean {
  return data.u16(12) === 0xffff && data.u8(6) === 0;
}

/** The saved result of a formula: a number, or by its first byte a text that follows, a truth, an error, nothing. */
function formulaResult(data: ByteReader, writeNumber: NumberWriter, format: NumberFormat): CellsRead | undefined {
  const one = (text: string): CellsRead => ({ row: data.u16(0), column: data.u16(2), texts: [text] });
  if (data.u16(12) !== 0xffff) return one(writeNumber(data.f64(6), format));
  if (data.u8(6) === 1) return one(data.u8(8) === 1 ? "TRUE" : "FALSE");
  return data.u8(6) === 2 ? one(errorTexts[data.u8(8)] ?? "#N/A") : undefined;
}

/** A number packed into 30 bits: an integer or the upper half of a double, either perhaps times 100 ([MS-XLS] 2.5.217). */
function rkNumber(packed: number): number {
  const value = (packed & 2) !== 0 ? packed >> 2 : doubleOfUpper(packed & ~3);
  return (packed & 1) !== 0 ? value / 100 : value;
}

const upper = new DataView(new ArrayBuffer(8));

function doubleOfUpper(bits: number): number {
  upper.setInt32(4, bits, true);
  return upper.getFloat64(0, true);
}
