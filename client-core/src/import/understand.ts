import { SaldoError } from "@saldo/schema";
import { understandArchive } from "./archive/understand.ts";
import { understandCamt } from "./camt/understand.ts";
import { understandCsv } from "./csv/understand.ts";
import { recogniseFile, unreadableKind } from "./format/recognise.ts";
import { importLimits } from "./limits.ts";
import { understandMt940 } from "./mt940/understand.ts";
import { understandOfx } from "./ofx/understand.ts";
import { understandOneC } from "./one-c/understand.ts";
import { understandQif } from "./qif/understand.ts";
import type { ImportHints, Understanding } from "./model.ts";
import type { FileBytes } from "../file-bytes.ts";
import { openWorkbook } from "./sheets/open.ts";
import { understandWorkbook } from "./sheets/understand.ts";

/**
 * Tells from the bytes of a file what it is and how to read it; nothing is saved. Answers in the hints overrule our judgement. Throws a
 * catalogue error `import.*` that names what the file is, when no reader is made for it, or what is wrong in it.
 */
// A promise because workbooks are opened in turns.
export async function understandFile(bytes: FileBytes, hints: ImportHints = {}): Promise<Understanding> {
  if (bytes.byteLength > importLimits.fileBytesMax) throw new SaldoError("import.file_too_large", { fileBytes: bytes.byteLength, fileBytesMax: importLimits.fileBytesMax });
  const kind = recogniseFile(bytes);
  switch (kind) {
    case "delimited_text":
      return understandCsv(bytes, hints);
    case "xlsx":
    case "xls":
    case "ods":
      return understandWorkbook(openWorkbook(bytes, kind), hints);
    case "zip":
      return understandArchive(bytes, hints, understandFile);
    case "1c_exchange":
      return understandOneC(bytes, hints);
    case "ofx":
      return understandOfx(bytes, hints);
    case "camt":
      return understandCamt(bytes, hints);
    case "qif":
      return understandQif(bytes, hints);
    case "mt940":
      return understandMt940(bytes, hints);
    default:
      throw unreadableKind(kind);
  }
}
