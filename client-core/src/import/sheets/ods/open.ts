import { SaldoError } from "@saldo/schema";
import type { FileBytes } from "../../../file-bytes.ts";
import { importLimits } from "../../limits.ts";
import { XmlReader, xmlText } from "../../xml/reader.ts";
import { inflateEntry, readArchive, type ArchiveEntry } from "../../zip/archive.ts";
import { fillMerged } from "../merged.ts";
import type { Sheet, Workbook } from "../workbook.ts";
import { readOdsRows, surveyTables } from "./rows.ts";

/**
 * Opens an OpenDocument spreadsheet (ISO/IEC 26300): all sheets stand in one part, which is walked once for their names and again for
 * the rows of each. Throws `import.workbook_encrypted`, `import.archive_damaged`, `import.xml_damaged` and the limits of archives.
 */
export function openOds(bytes: FileBytes): Workbook {
  const entries = readArchive(bytes);
  const content = entries.find(({ name }) => name === "content.xml");
  if (content === undefined) throw new SaldoError("import.archive_damaged");
  const xmlOf = (entry: ArchiveEntry, onConsumed?: (fileOffset: number) => void): XmlReader => new XmlReader(xmlText(inflateEntry(bytes, entry, onConsumed)), entry.name);
  const manifest = entries.find(({ name }) => name === "META-INF/manifest.xml");
  if (manifest !== undefined && namesEncryption(xmlOf(manifest))) throw new SaldoError("import.workbook_encrypted");
  let bytesRead = 0;
  const openContent = (): XmlReader => xmlOf(content, (offset) => (bytesRead = offset));
  const tables = surveyTables(openContent()).slice(0, importLimits.sheetsMax);
  return {
    format: "ods",
    get bytesRead() {
      return bytesRead;
    },
    sheets: tables.map(({ name, merged }, index): Sheet => ({ name, isHidden: false, rows: () => fillMerged(readOdsRows(openContent(), index, name), merged) })),
  };
}

function namesEncryption(xml: XmlReader): boolean {
  for (let token = xml.next(); token !== "end"; token = xml.next()) if (token === "open" && xml.name === "encryption-data") return true;
  return false;
}
