import type { Decision, YearlessDates } from "../model.ts";
import type { JournalFindings } from "../table/journal.ts";
import type { LinedRecord } from "../table/record.ts";
import { completedDate } from "../values/date.ts";

/** Fields of the first line of a DATEV file, numbered from 0 (DATEV format, header of the "Buchungsstapel"). */
const fields = { fiscalYearFrom: 12, accountDigits: 13, from: 14, chart: 26 } as const;
/** Columns of the lines below. */
const columns = { account: 6, counter: 7, date: 9 } as const;

/** Cash and banks in the charts of accounts SKR 03 and SKR 04, by the first four digits. */
const moneyOf: ReadonlyMap<string, RegExp> = new Map([["03", /^1[0-2]\d\d$/], ["04", /^1[678]\d\d$/]]);
const accountsMax = 2_000;

/** A DATEV batch of postings. */
export interface DatevBatch {
  readonly yearless: YearlessDates;
  /** `03` or `04` where the file names its chart of accounts. */
  readonly chart: string;
  readonly accountDigits: number;
}

/** What the first line says of a DATEV batch of postings, whose dates name day and month alone; null for any other file. */
export function findDatev(first: readonly string[] | undefined): DatevBatch | null {
  if (first === undefined || !/^(?:EXTF|DTVF)$/.test(first[0] ?? "")) return null;
  const day = [first[fields.from], first[fields.fiscalYearFrom]].find((cell) => /^(?:19|20)\d{6}$/.test(cell ?? ""));
  if (day === undefined) return null;
  const from = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  return { yearless: { column: columns.date, from }, chart: first[fields.chart] ?? "", accountDigits: Number(first[fields.accountDigits]) || 4 };
}

/**
 * Which accounts of the batch hold money: those of cash and banks in its chart of accounts, or the one that stands in every posting. Each
 * line is a posting that names both sides, and its Soll or Haben is that of the first account. Undefined when no account is one's own.
 */
export function datevJournal(batch: DatevBatch, next: () => LinedRecord | undefined, answer: readonly string[] | undefined): JournalFindings | undefined {
  const counts = new Map<string, number>();
  let postings = 0;
  for (let record = next(); record !== undefined; record = next()) {
    const sides = [columns.account, columns.counter].map((index) => (record.cells[index] ?? "").trim()).filter((side) => /^\d{4,9}$/.test(side));
    if (sides.length === 0) continue;
    postings += 1;
    for (const side of new Set(sides)) if (counts.has(side) || counts.size < accountsMax) counts.set(side, (counts.get(side) ?? 0) + 1);
  }
  const accounts = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  const own = ownOf(accounts, batch, accounts.filter((name) => counts.get(name) === postings), answer);
  return own === undefined ? undefined : { journal: { keys: [], account: columns.account, counter: columns.counter, own }, accounts };
}

function ownOf(accounts: readonly string[], { chart, accountDigits }: DatevBatch, everywhere: readonly string[], answer: readonly string[] | undefined): Decision<readonly string[]> | undefined {
  const said = (answer ?? []).filter((name) => accounts.includes(name));
  if (said.length > 0) return { value: said, confidence: 1, reason: { code: "you_said", params: {} } };
  const isMoney = (of: RegExp | undefined) => (name: string): boolean => name.length === accountDigits && of?.test(name.slice(0, 4)) === true;
  const byChart = accounts.filter(isMoney(moneyOf.get(chart)));
  if (byChart.length > 0) return { value: byChart, confidence: 0.93, reason: { code: "own_by_number", params: {} } };
  const likely = everywhere.find((name) => [...moneyOf.values()].some((of) => isMoney(of)(name)));
  if (likely !== undefined) return { value: [likely], confidence: 0.7, reason: { code: "own_everywhere", params: { account: likely } } };
  return undefined;
}

/** The cells of a record with the year in its date. */
export function withYear(cells: readonly string[], { column, from }: YearlessDates): readonly string[] {
  const date = cells[column];
  return date === undefined ? cells : cells.with(column, completedDate(date, from));
}
