import { strToU8, zipSync } from "fflate";

/** One cell of a hand-made sheet: its XML attributes and content, as `<c …>…</c>` has them. */
export type CellXml = string;

/** What a hand-made workbook is made of; each part may be replaced to break it. */
export interface WorkbookXml {
  /** Rows of each sheet by name: row XML, or cells that become rows from 1 on. */
  readonly sheets: Readonly<Record<string, readonly string[]>>;
  readonly is1904?: boolean;
  /** Number format codes; style `n + 1` wears the n-th, style 0 none. */
  readonly formats?: readonly string[];
  readonly texts?: readonly string[];
  readonly hidden?: readonly string[];
  /** XML after the rows of every sheet. */
  readonly afterRows?: string;
  readonly extraParts?: Readonly<Record<string, Uint8Array>>;
}

/** Makes an XLSX file part by part, for what no writer would write. */
export function makeXlsx(workbook: WorkbookXml): Uint8Array {
  const names = Object.keys(workbook.sheets);
  const sheetsXml = names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}"${workbook.hidden?.includes(name) === true ? ' state="hidden"' : ""} r:id="rId${at + 1}"/>`).join("");
  const relations = names.map((_, at) => `<Relationship Id="rId${at + 1}" Type="http://x/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`).join("");
  const formats = workbook.formats ?? [];
  const parts: Record<string, Uint8Array> = {
    "[Content_Types].xml": strToU8("<Types/>"),
    "_rels/.rels": strToU8('<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
    "xl/workbook.xml": strToU8(`<workbook><workbookPr date1904="${workbook.is1904 === true ? 1 : 0}"/><sheets>${sheetsXml}</sheets></workbook>`),
    "xl/_rels/workbook.xml.rels": strToU8(`<Relationships>${relations}<Relationship Id="s" Type="http://x/styles" Target="styles.xml"/><Relationship Id="t" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`),
    "xl/styles.xml": strToU8(
      `<styleSheet><numFmts>${formats.map((code, at) => `<numFmt numFmtId="${200 + at}" formatCode="${escapeXml(code)}"/>`).join("")}</numFmts><cellXfs><xf numFmtId="0"/>${formats.map((_, at) => `<xf numFmtId="${200 + at}"/>`).join("")}</cellXfs></styleSheet>`,
    ),
    "xl/sharedStrings.xml": strToU8(`<sst>${(workbook.texts ?? []).map((shared) => `<si><t>${escapeXml(shared)}</t></si>`).join("")}</sst>`),
    ...workbook.extraParts,
  };
  names.forEach((name, at) => {
    const rows = (workbook.sheets[name] ?? []).map((row, index) => (row.startsWith("<row") ? row : `<row r="${index + 1}">${row}</row>`));
    parts[`xl/worksheets/sheet${at + 1}.xml`] ??= strToU8(`<?xml version="1.0" encoding="UTF-8"?>\n<worksheet><sheetData>${rows.join("")}</sheetData>${workbook.afterRows ?? ""}</worksheet>`);
  });
  return zipSync(parts, { level: 6 });
}

/** A cell with its text in place. */
export function text(value: string): CellXml {
  return `<c t="inlineStr"><is><t>${escapeXml(value)}</t></is></c>`;
}

/** A number cell wearing a style. */
export function number(value: number | string, style = 0): CellXml {
  return `<c s="${style}"><v>${value}</v></c>`;
}

function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
