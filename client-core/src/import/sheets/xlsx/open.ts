import { SaldoError } from "@saldo/schema";
import type { FileBytes } from "../../../file-bytes.ts";
import { importLimits } from "../../limits.ts";
import { XmlReader, xmlText } from "../../xml/reader.ts";
import { inflateEntry, readArchive, type ArchiveEntry } from "../../zip/archive.ts";
import { numberWriter } from "../cell-text.ts";
import { fillMerged, type MergedCells } from "../merged.ts";
import type { Sheet, SheetRow, Workbook } from "../workbook.ts";
import { readMerges } from "./merges.ts";
import { isTrue, readSheetRows } from "./rows.ts";
import { readSharedStrings } from "./shared-strings.ts";
import { readStyles } from "./styles.ts";

interface Package {
  readonly find: (path: string) => ArchiveEntry | undefined;
  readonly pieces: (entry: ArchiveEntry) => Generator<Uint8Array, void, void>;
  readonly xml: (entry: ArchiveEntry) => XmlReader;
  readonly bytesRead: () => number;
}

/**
 * Opens an Office Open XML workbook (ECMA-376): names of sheets, styles and shared texts are read now, the rows of a sheet each time
 * they are asked for. Throws `import.archive_damaged`, `import.xml_damaged`, `import.no_sheets` and the limits of archives.
 */
export function openXlsx(bytes: FileBytes): Workbook {
  const parts = openPackage(bytes);
  const workbookPath = targetsOf(parts, "_rels/.rels", "").find(({ type }) => type.endsWith("/officeDocument"))?.path ?? "xl/workbook.xml";
  const workbook = parts.find(workbookPath);
  if (workbook === undefined) throw new SaldoError("import.archive_damaged");
  const folder = workbookPath.slice(0, workbookPath.lastIndexOf("/") + 1);
  const targets = targetsOf(parts, `${folder}_rels/${workbookPath.slice(folder.length)}.rels`, folder);
  const { sheets, is1904 } = readWorkbook(parts.xml(workbook));
  const partOf = (kind: string): ArchiveEntry | undefined => parts.find(targets.find(({ type }) => type.endsWith(`/${kind}`))?.path ?? "");
  const [stylesPart, textsPart] = [partOf("styles"), partOf("sharedStrings")];
  const styles = stylesPart === undefined ? [] : readStyles(parts.xml(stylesPart));
  // Read when a sheet is first looked at: a workbook refused for another reason has no need of them.
  let texts: readonly string[] | undefined;
  const textsNow = (): readonly string[] => (texts ??= textsPart === undefined ? [] : readSharedStrings(parts.xml(textsPart)));
  return {
    format: "xlsx",
    get bytesRead() {
      return parts.bytesRead();
    },
    sheets: sheets.flatMap(({ name, relation, isHidden }): Sheet[] => {
      const target = targets.find(({ id }) => id === relation);
      const part = target?.type.endsWith("/worksheet") === true ? parts.find(target.path) : undefined;
      if (part === undefined) return [];
      let merges: readonly MergedCells[] | undefined;
      const rows = (): Iterable<SheetRow> => {
        merges ??= part.inflatedBytes > importLimits.mergedSheetBytesMax ? [] : readMerges(parts.pieces(part), part.name);
        const plain = readSheetRows(parts.xml(part), { sheetName: name, styles, texts: textsNow(), writeNumber: numberWriter(is1904) });
        return merges.length === 0 ? plain : fillMerged(plain, merges);
      };
      return [{ name, isHidden, rows }];
    }),
  };
}

function openPackage(bytes: FileBytes): Package {
  const entries = new Map(readArchive(bytes).map((entry) => [entry.name.replace(/^\//, "").toLowerCase(), entry]));
  let bytesRead = 0;
  const pieces = (entry: ArchiveEntry): Generator<Uint8Array, void, void> => inflateEntry(bytes, entry, (offset) => (bytesRead = offset));
  return { bytesRead: () => bytesRead, find: (path) => entries.get(path.toLowerCase()), pieces, xml: (entry) => new XmlReader(xmlText(pieces(entry)), entry.name) };
}

interface Target {
  readonly id: string;
  readonly type: string;
  readonly path: string;
}

/** Where the relations of a part lead, as paths from the root of the package. */
function targetsOf(parts: Package, path: string, folder: string): readonly Target[] {
  const entry = parts.find(path);
  if (entry === undefined) return [];
  const xml = parts.xml(entry);
  const targets: Target[] = [];
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (token !== "open" || xml.name !== "Relationship") continue;
    targets.push({ id: xml.attribute("Id") ?? "", type: xml.attribute("Type") ?? "", path: resolved(xml.attribute("Target") ?? "", folder) });
  }
  return targets;
}

function resolved(target: string, folder: string): string {
  if (target.startsWith("/")) return target.slice(1);
  const steps: string[] = [];
  for (const step of `${folder}${target}`.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== ".") steps.push(step);
  }
  return steps.join("/");
}

function readWorkbook(xml: XmlReader): { sheets: { name: string; relation: string; isHidden: boolean }[]; is1904: boolean } {
  const sheets: { name: string; relation: string; isHidden: boolean }[] = [];
  let is1904 = false;
  for (let token = xml.next(); token !== "end"; token = xml.next()) {
    if (token !== "open") continue;
    if (xml.name === "workbookPr") is1904 = isTrue(xml.attribute("date1904"));
    if (xml.name !== "sheet") continue;
    const relation = xml.attribute("id") ?? "";
    sheets.push({ name: xml.attribute("name") ?? "", relation, isHidden: (xml.attribute("state") ?? "visible") !== "visible" });
  }
  return { sheets, is1904 };
}
