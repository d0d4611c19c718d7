import { nameLengthMax, type JsonValue } from "@saldo/schema";
import { readingStyle, type Understanding } from "../../import/index.ts";
import { clip } from "./file-reading.ts";

/** The name a file is kept by. */
export function fileNameOf({ name }: { readonly name: string }): string {
  return clip(name.trim(), nameLengthMax) || "statement.csv";
}

/** What is kept of how a file was understood: enough to show it in the history. No cell of the file is in it. */
export function summaryOf(understanding: Understanding): JsonValue {
  const { encoding, delimiter, headerLine, dateOrder, decimal, sign } = readingStyle(understanding);
  return {
    encoding,
    delimiter,
    headerLine,
    dateOrder,
    decimal,
    sign,
    currency: understanding.currency.value,
    columns: understanding.columns.map((column) => ({ index: column.index, role: column.role })),
  };
}
