import type { TableRow } from "./labelled-table.ts";

/** A payment of a public body, with its day. */
export interface DatedRow extends TableRow {
  readonly source: string;
  /** YYYY-MM-DD; empty when the table does not tell it. */
  readonly postedOn: string;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Rows with a category, of tables whose texts are counterparty, department, source and date: the last two are no texts of the row. */
export function datedRows(table: readonly TableRow[]): DatedRow[] {
  return table.flatMap((row) => {
    const [supplier = "", department = "", source = "", date = ""] = row.texts;
    return row.label === "" ? [] : [{ ...row, texts: [supplier, department], source, postedOn: dayOf(date) }];
  });
}

/** Reads the ways these tables write a day: 2019-04-04, 19/06/2020, Monday, April 25, 2022. */
function dayOf(text: string): string {
  const iso = /^\d{4}-\d\d-\d\d/.exec(text);
  if (iso !== null) return iso[0];
  const [, day = "", month = "", year = ""] = /^(\d\d?)\/(\d\d?)\/(\d{4})/.exec(text) ?? [];
  if (year !== "") return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const [, name = "", date = "", inYear = ""] = /([A-Za-z]{3})[a-z]* (\d\d?), (\d{4})/.exec(text) ?? [];
  const index = months.indexOf(name.toLowerCase());
  return index < 0 ? "" : `${inYear}-${String(index + 1).padStart(2, "0")}-${date.padStart(2, "0")}`;
}
