import { SaldoError } from "@saldo/schema";
import type { FileBytes } from "../../file-bytes.ts";
import { recogniseFile } from "../format/recognise.ts";
import { importLimits } from "../limits.ts";
import { inflateEntry, readArchive, type ArchiveEntry } from "../zip/archive.ts";

/** A file of an archive that may be a statement: what to call it, and its bytes when they are wanted. */
export interface ArchivedFile {
  /** The last part of its path, as it is shown and found again; nothing is ever written under it. */
  readonly name: string;
  readonly entry: ArchiveEntry;
}

/** The files of an archive without folders and what systems put beside them. Nothing is inflated. */
export function filesOf(archive: FileBytes): ArchivedFile[] {
  const taken = new Map<string, number>();
  return readArchive(archive).flatMap((entry): ArchivedFile[] => {
    const path = entry.name.replaceAll("\\", "/");
    const name = shownName(path.split("/").at(-1) ?? "");
    if (path.endsWith("/") || name === "" || name.startsWith(".") || /^thumbs\.db$/i.test(name) || path.startsWith("__MACOSX/")) return [];
    const again = (taken.get(name) ?? 0) + 1;
    taken.set(name, again);
    return [{ name: again === 1 ? name : `${name} (${again})`, entry }];
  });
}

/** Inflates files one at a time, counting over the whole archive. Throws `import.inflates_too_far` and the errors of a damaged or locked archive. */
export function createInflater(archive: FileBytes): (file: ArchivedFile) => Uint8Array {
  let inflatedBytes = 0;
  return ({ entry }) => {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (const piece of inflateEntry(archive, entry)) {
      pieces.push(piece);
      bytes += piece.length;
      if (inflatedBytes + bytes > importLimits.archivedBytesMax) {
        throw new SaldoError("import.inflates_too_far", { inflatedBytes: inflatedBytes + bytes, ratioMax: importLimits.inflatedRatioMax, bytesMax: importLimits.archivedBytesMax });
      }
    }
    inflatedBytes += bytes;
    return joined(pieces, bytes);
  };
}

/** What is to be done with a file of an archive: archives in archives are refused, what is plainly no statement is passed over. */
export function useOf(bytes: Uint8Array): "read" | "pass_over" | "refuse" {
  switch (recogniseFile(bytes)) {
    case "zip":
    case "gzip":
    case "rar":
    case "7z":
      return "refuse";
    case "empty":
    case "png":
    case "jpeg":
    case "gif":
    case "webp":
    case "bmp":
    case "tiff":
    case "pdf":
    case "html":
    case "rtf":
    case "json":
    case "executable":
    case "sqlite":
      return "pass_over";
    default:
      return "read";
  }
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Without control characters and marks that turn the direction of writing. */
function shownName(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}]/gu, "").trim().slice(0, nameCharsMax);
}

const nameCharsMax = 120;
