import { SaldoError, type ErrorCode } from "@saldo/schema";
import type { FileBytes } from "../../file-bytes.ts";
import { readArchive, type ArchiveEntry } from "../zip/archive.ts";

/** Kinds of file told by their first bytes; `delimited_text` is what is left. */
export type FileKind =
  | "delimited_text"
  | "empty"
  | "png" | "jpeg" | "gif" | "webp" | "bmp" | "tiff"
  | "pdf"
  | "zip" | "gzip" | "rar" | "7z"
  | "xlsx" | "ods" | "xls"
  | "html"
  | "xml" | "json" | "rtf"
  | "ofx" | "qif" | "mt940" | "camt" | "1c_exchange"
  | "sqlite" | "executable";

/** Kinds no reader is registered for in `understand.ts`. */
export type UnreadableKind = Exclude<FileKind, "delimited_text" | "zip" | "xlsx" | "xls" | "ods" | "1c_exchange" | "ofx" | "qif" | "mt940" | "camt">;

const refusalByKind: Readonly<Record<UnreadableKind, ErrorCode>> = {
  empty: "import.empty_file",
  png: "import.is_image", jpeg: "import.is_image", gif: "import.is_image", webp: "import.is_image", bmp: "import.is_image", tiff: "import.is_image",
  pdf: "import.is_pdf",
  gzip: "import.is_archive", rar: "import.is_archive", "7z": "import.is_archive",
  html: "import.is_web_page",
  xml: "import.is_structured_text", json: "import.is_structured_text", rtf: "import.is_structured_text",
  sqlite: "import.is_binary", executable: "import.is_binary",
};

const signatures: readonly (readonly [FileKind, string, number?])[] = [
  ["png", "89504e47"], ["jpeg", "ffd8ff"], ["gif", "47494638"], ["webp", "57454250", 8], ["tiff", "49492a00"], ["tiff", "4d4d002a"],
  ["pdf", "255044462d"], ["gzip", "1f8b"], ["rar", "526172211a"], ["7z", "377abcaf271c"], ["xls", "d0cf11e0a1b11ae1"],
  ["xls", "0908100000060500"], ["sqlite", "53514c69746520666f726d6174"], ["executable", "7f454c46"],
];

/** Bytes at the start that signatures and first words stand in. */
const headBytes = 4096;

/** The kind of a file told from its bytes, never from its name. */
export function recogniseFile(file: FileBytes): FileKind {
  if (file.byteLength === 0) return "empty";
  const bytes = file.subarray(0, Math.min(headBytes, file.byteLength));
  for (const [kind, hex, offset = 0] of signatures) if (startsWithHex(bytes, hex, offset)) return kind;
  if (startsWithHex(bytes, "424d", 0) && bytes.subarray(0, 32).includes(0)) return "bmp";
  if (startsWithHex(bytes, "4d5a", 0) && bytes.subarray(0, 32).includes(0)) return "executable";
  if (startsWithHex(bytes, "504b0304", 0) || startsWithHex(bytes, "504b0506", 0)) return zipKind(file, latinHead(bytes));
  return textKind(latinHead(bytes));
}

/** The catalogue error of a kind of file that we cannot read. */
export function unreadableKind(kind: UnreadableKind): SaldoError {
  return new SaldoError(refusalByKind[kind], { found: kind });
}

function startsWithHex(bytes: Uint8Array, hex: string, offset: number): boolean {
  for (let at = 0; at < hex.length / 2; at += 1) {
    if (bytes[offset + at] !== Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16)) return false;
  }
  return true;
}

/** The first characters as Latin-1 with NULs and byte order marks dropped: enough for signatures in any encoding. */
function latinHead(bytes: Uint8Array): string {
  let head = "";
  for (const byte of bytes.subarray(0, headBytes)) if (byte !== 0 && byte !== 0xff && byte !== 0xfe) head += String.fromCharCode(byte);
  return head.replace(/^\u00ef\u00bb\u00bf/, "").trimStart();
}

function zipKind(file: FileBytes, head: string): FileKind {
  const entries = entriesOf(file);
  if (entries.some(({ name }) => /^\/?xl\//i.test(name))) return "xlsx";
  if (/opendocument\.spreadsheet/.test(head)) return "ods";
  if (entries.length > 0) return "zip";
  const tail = latinHead(file.subarray(Math.max(0, file.byteLength - headBytes), file.byteLength));
  return /xl\/|\[Content_Types\]\.xml/.test(head) || /xl\/workbook|xl\/worksheets/.test(tail) ? "xlsx" : "zip";
}

/** What an archive holds; nothing when it is damaged, which its reader will say. */
function entriesOf(file: FileBytes): readonly ArchiveEntry[] {
  try {
    return readArchive(file);
  } catch (error) {
    if (error instanceof SaldoError) return [];
    throw error;
  }
}

/** XML Spreadsheet 2003, which is named `.xls` as a rule. */
const spreadsheetXml = /^<(?:\?xml|Workbook|ss:Workbook)[\s\S]*urn:schemas-microsoft-com:office:spreadsheet/;

/** True for the XML of an XML Spreadsheet 2003. */
export function isSpreadsheetXml(file: FileBytes): boolean {
  return spreadsheetXml.test(latinHead(file.subarray(0, Math.min(headBytes, file.byteLength))));
}

function textKind(head: string): FileKind {
  if (/^1CClientBankExchange/.test(head)) return "1c_exchange";
  if (/^OFXHEADER|<OFX>|<\?OFX/i.test(head)) return "ofx";
  if (/^!(?:Type|Account|Option|Clear)\b/i.test(head)) return "qif";
  if (/^(?:\{1:F01|:20:)/.test(head) || /^[^\n]{0,60}\r?\n?(?:[^\n]{0,60}\r?\n){0,4}:20:[^\n]*\r?\n(?:[^\n]*\r?\n)?:25:/.test(head)) return "mt940";
  if (/^(?:<!doctype html|<html|<head|<body|<table|<!--)/i.test(head) || (/^<\?xml/.test(head) && /<html/i.test(head))) return "html";
  if (spreadsheetXml.test(head)) return "xls";
  if (/^<(?:\?xml|[A-Za-z][\w:]*[\s>])/.test(head)) return /camt\.05[234]|BkToCstmr/.test(head) ? "camt" : "xml";
  if (/^\{\\rtf/.test(head)) return "rtf";
  if (/^(?:\{\s*"|\[\s*[[{"\d]|\[\s*\])/.test(head)) return "json";
  return "delimited_text";
}
