import type { ArchiveUnderstanding, DateOrder, DecimalStyle, SignConvention, TextEncoding, Understanding, UnderstoodTable } from "./model.ts";

/** What is worth telling of how a file is read, whatever its format; null where the format has no such thing or leaves no choice. */
export interface ReadingStyle {
  readonly format: Understanding["format"];
  readonly mediaType: string;
  readonly encoding: TextEncoding | null;
  /** Bytes of the byte order mark. */
  readonly bomBytes: number;
  readonly delimiter: string | null;
  readonly headerLine: number | null;
  readonly dateOrder: DateOrder | null;
  readonly decimal: DecimalStyle | null;
  readonly sign: SignConvention | null;
  /** True when a person may give the columns other roles. */
  readonly isTable: boolean;
}

const mediaTypes = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xls: "application/vnd.ms-excel",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
} as const;

/** The style a file is read with; see {@link ReadingStyle}. */
export function readingStyle(understanding: Understanding): ReadingStyle {
  switch (understanding.format) {
    case "csv": {
      const { format, bomBytes } = understanding;
      return {
        format,
        mediaType: "text/csv",
        encoding: understanding.encoding.value,
        bomBytes,
        delimiter: understanding.delimiter.value,
        headerLine: understanding.headerLine.value,
        dateOrder: understanding.dateOrder.value,
        decimal: understanding.decimalStyle.value,
        sign: understanding.sign.value,
        isTable: true,
      };
    }
    case "xlsx":
    case "xls":
    case "ods":
      return {
        format: understanding.format,
        mediaType: mediaTypes[understanding.format],
        encoding: null,
        bomBytes: 0,
        delimiter: null,
        headerLine: understanding.headerLine.value,
        dateOrder: understanding.dateOrder.value,
        decimal: understanding.decimalStyle.value,
        sign: understanding.sign.value,
        isTable: true,
      };
    case "zip": {
      const [only, ...others] = understanding.files;
      const isTable = only !== undefined && others.length === 0 && readingStyle(only.understanding).isTable;
      return { format: "zip", mediaType: "application/zip", encoding: null, bomBytes: 0, delimiter: null, headerLine: null, dateOrder: null, decimal: null, sign: null, isTable };
    }
    case "qif":
      return { ...exchange(understanding), dateOrder: understanding.dateOrder.value, decimal: understanding.decimalStyle.value };
    case "1c":
    case "ofx":
    case "mt940":
    case "camt":
      return exchange(understanding);
  }
}

function exchange({ format, encoding, bomBytes }: Exclude<Understanding, UnderstoodTable | ArchiveUnderstanding>): ReadingStyle {
  const mediaType = { ofx: "application/x-ofx", qif: "application/qif", camt: "application/xml", mt940: "text/plain", "1c": "text/plain" }[format];
  return { format, mediaType, encoding: encoding.value, bomBytes, delimiter: null, headerLine: null, dateOrder: null, decimal: null, sign: null, isTable: false };
}
