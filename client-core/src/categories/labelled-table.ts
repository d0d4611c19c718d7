import { SaldoError } from "@saldo/schema";
import { chooseDialect } from "../import/csv/dialect.ts";
import { RecordReader } from "../import/csv/records.ts";
import { chooseEncoding } from "../import/text/encoding.ts";
import { TextPieces } from "../import/text/pieces.ts";
import type { CategoriserRow } from "./features.ts";

/** Characters at the beginning of a file its dialect is chosen by. */
const headCharsMax = 64 * 1024;

/** Which columns of a table mean what, by their names in its first line. */
export interface TableColumns {
  /** Texts, the counterparty first. */
  readonly texts: readonly string[];
  readonly amount: string;
  /** The known category; none where it is not told. */
  readonly label?: string;
}

/** A row of a table with its category, empty when the row has none. */
export interface TableRow extends CategoriserRow {
  /** Line of the file it begins on. */
  readonly line: number;
  readonly label: string;
}

/**
 * Reads a table of texts, amounts and, where it has them, categories: delimited text in any encoding we know, columns named in its first line. Throws
 * `SaldoError` `import.*` when it is no such table, `categorise.no_column` when a column is not there.
 */
export function readLabelledTable(bytes: Uint8Array, columns: TableColumns): TableRow[] {
  const { encoding, bomBytes } = chooseEncoding(bytes, undefined);
  const head = new TextPieces(bytes, encoding.value, bomBytes, headCharsMax).next();
  const records = new RecordReader(new TextPieces(bytes, encoding.value, bomBytes), chooseDialect(head, undefined).dialect);
  const names = (records.next() ?? []).map((name) => name.trim());
  const placeOf = (name: string): number => {
    const place = names.indexOf(name);
    if (place < 0) throw new SaldoError("categorise.no_column", { column: name, columns: names.slice(0, namedMax).join(", ") });
    return place;
  };
  const texts = columns.texts.map(placeOf);
  const amount = placeOf(columns.amount);
  const label = columns.label === undefined ? -1 : placeOf(columns.label);
  const rows: TableRow[] = [];
  for (let cells = records.next(); cells !== undefined; cells = records.next()) {
    if (cells.length === 1 && cells[0]?.trim() === "") continue;
    const cell = (place: number) => cells?.[place]?.trim() ?? "";
    rows.push({ line: records.line, texts: texts.map(cell), codes: [], amount: amountOf(cell(amount)), label: cell(label) });
  }
  return rows;
}

/** Columns an error names. */
const namedMax = 30;

/** An amount in hundredths, whatever signs part its digits; 0 where there is none. The last of them parts off the decimals when one or two digits follow it. */
function amountOf(text: string): number {
  const sign = /^\(|^[-−]|-$/u.test(text) ? -1 : 1;
  const [, whole = "", decimals = ""] = /^(.*?)(?:[.,](\d{1,2}))?\D*$/u.exec(text) ?? [];
  return sign * (Number(whole.replace(/\D/gu, "")) * 100 + Number(decimals.padEnd(2, "0")));
}
