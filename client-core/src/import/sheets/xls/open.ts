import { SaldoError } from "@saldo/schema";
import { importLimits } from "../../limits.ts";
import { decoderOf, type Decode } from "../../text/decode.ts";
import { numberWriter } from "../cell-text.ts";
import { fillMerged, type MergedCells } from "../merged.ts";
import { builtInFormat, readNumberFormat, type NumberFormat } from "../number-format.ts";
import type { Sheet, SheetRow, Workbook } from "../workbook.ts";
import type { ByteReader } from "./bytes.ts";
import { openCompound } from "./compound.ts";
import { recordsFrom, recordTypes } from "./records.ts";
import { readBiffMerges, readBiffRows, type BiffContext } from "./rows.ts";
import { readSharedTexts, stringAt } from "./strings.ts";

const biff8 = 0x0600;
const biff5 = 0x0500;

/**
 * Opens a legacy XLS workbook ([MS-XLS], BIFF8 and BIFF5) in its compound file. Throws `import.workbook_encrypted`,
 * `import.is_binary` for a file of another program in the same container and `import.archive_damaged`.
 */
export function openXls(bytes: Uint8Array): Workbook {
  const stream = workbookStream(bytes);
  const globals = readGlobals(stream);
  const context: BiffContext = { ...globals, stream };
  return {
    format: "xls",
    // The whole workbook is in memory at once and small.
    bytesRead: bytes.length,
    sheets: globals.sheets.map(({ name, offset, isHidden }): Sheet => {
      let merges: readonly MergedCells[] | undefined;
      const rows = (): Iterable<SheetRow> => {
        merges ??= readBiffMerges(stream, offset);
        return fillMerged(readBiffRows(context, offset), merges);
      };
      return { name, isHidden, rows };
    }),
  };
}

function workbookStream(bytes: Uint8Array): Uint8Array {
  // Some programs write the stream without its container.
  if (bytes[0] === 0x09 && bytes[1] === 0x08) return bytes;
  const file = openCompound(bytes);
  if (file.names.some((name) => name === "EncryptedPackage" || name === "EncryptionInfo")) throw new SaldoError("import.workbook_encrypted");
  const stream = file.stream("Workbook") ?? file.stream("Book");
  if (stream === undefined) throw new SaldoError("import.is_binary", { found: "compound" });
  return stream;
}

interface Globals extends Omit<BiffContext, "stream"> {
  readonly sheets: readonly { readonly name: string; readonly offset: number; readonly isHidden: boolean }[];
}

function readGlobals(stream: Uint8Array): Globals {
  const sheets: { name: string; offset: number; isHidden: boolean }[] = [];
  const codes = new Map<number, NumberFormat>();
  const formatIds: number[] = [];
  let sharedParts: ByteReader[] | undefined;
  let gathering = false;
  let is1904 = false;
  let legacy: Decode | undefined;
  for (const { type, data, at } of recordsFrom(stream, 0)) {
    if (at === 0) legacy = decoderOfVersion(type, data);
    gathering = type === recordTypes.sharedStrings || (gathering && type === recordTypes.continued);
    if (type === recordTypes.sharedStrings) sharedParts = [data];
    else if (gathering) sharedParts?.push(data);
    else if (type === recordTypes.filePass) throw new SaldoError("import.workbook_encrypted");
    else if (type === recordTypes.codePage && legacy !== undefined) legacy = decoderOfCodePage(data.u16(0));
    else if (type === recordTypes.date1904) is1904 = data.u16(0) === 1;
    else if (type === recordTypes.extendedFormat) formatIds.push(data.u16(2));
    else if (type === recordTypes.numberFormat) codes.set(data.u16(0), readNumberFormat(stringAt(data, 2, legacy === undefined ? 2 : 1, legacy)));
    else if (type === recordTypes.boundSheet && data.u8(5) === 0) sheets.push({ name: stringAt(data, 6, 1, legacy), offset: data.u32(0), isHidden: (data.u8(4) & 3) !== 0 });
    else if (type === recordTypes.endOfStream) break;
  }
  const formats = formatIds.slice(0, importLimits.cellStylesMax).map((id) => codes.get(id) ?? builtInFormat(id));
  return { sheets, formats, texts: sharedParts === undefined ? [] : readSharedTexts(sharedParts), writeNumber: numberWriter(is1904), legacy };
}

function decoderOfVersion(type: number, data: ByteReader): Decode | undefined {
  const version = type === recordTypes.beginOfStream ? data.u16(0) : 0;
  if (version === biff8) return undefined;
  if (version === biff5) return decoderOf("windows-1252");
  throw new SaldoError("import.archive_damaged");
}

function decoderOfCodePage(codePage: number): Decode {
  if (codePage >= 1250 && codePage <= 1258) return decoderOf(`windows-125${codePage - 1250}`);
  return decoderOf(codePage === 866 ? "ibm866" : "windows-1252");
}
