import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** One payment of a public body, as it published it. */
export interface SpendRow {
  readonly source: string;
  /** `YYYY-MM`. */
  readonly month: string;
  readonly day: number;
  readonly supplier: string;
  readonly label: string;
  readonly amountMinor: number;
}

/** Reads the labelled spend data beside the repository; undefined when it is not there. Rows whose date or amount cannot be read are left out. */
export function readSpendData(repository: string): readonly SpendRow[] | undefined {
  const file = path.join(repository, "..", "shared", "data", "categorisation", "uk_public_spend_labelled.csv.gz");
  if (!existsSync(file)) return undefined;
  const [header = [], ...records] = csvRecords(gunzipSync(readFileSync(file)).toString("utf8"));
  const column = (name: string) => header.indexOf(name);
  const [source, date, supplier, fine, coarse, amount] = ["source", "date", "supplier", "label_fine", "label_coarse", "amount_gbp"].map(column);
  return records.flatMap((record) => {
    const at = (place: number | undefined) => record[place ?? -1] ?? "";
    const day = isoDate(at(date));
    const amountMinor = Math.round(Number(at(amount)) * 100);
    const label = at(coarse) || at(fine);
    if (day === undefined || !Number.isSafeInteger(amountMinor) || amountMinor <= 0 || label === "" || at(supplier) === "") return [];
    return [{ source: at(source), month: day.slice(0, 7), day: Number(day.slice(8)), supplier: at(supplier), label, amountMinor }];
  });
}

function isoDate(text: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  const [, day, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}

/** Records of comma-separated text with double quotes (RFC 4180). */
function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (record.length > 1) records.push(record);
    record = [];
    if (end === "") break;
  }
  return records;
}
