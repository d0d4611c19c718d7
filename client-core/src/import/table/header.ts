import { importLimits } from "../limits.ts";
import type { Decision } from "../model.ts";
import { isTotalText } from "../values/direction.ts";
import { isKnownHeader } from "./aliases.ts";
import { joinedNames } from "./joined-header.ts";
import type { LinedRecord } from "./record.ts";
import { isAmountLike, isDateLike } from "./profile.ts";

/** Where the table begins. */
export interface TableStart {
  readonly headerLine: Decision<number | null>;
  /** Names by column, `""` where the file gives none. */
  readonly names: readonly string[];
  /** Records before the header. */
  readonly preamble: readonly LinedRecord[];
  /** Index of the first data record among those given. */
  readonly dataIndex: number;
}

/** Finds the header among the first records: the line whose cells are column names and after which dates and amounts begin. */
export function findHeader(records: readonly LinedRecord[], answer: number | undefined): TableStart {
  const first = records.slice(0, importLimits.preambleRecordsMax);
  if (answer === 0) return startWithout(records, { value: null, confidence: 1, reason: { code: "you_said", params: {} } });
  if (answer !== undefined) {
    const at = records.findIndex((record) => record.line === answer);
    if (at >= 0) return startAt(records, at, { value: answer, confidence: 1, reason: { code: "you_said", params: {} } });
  }
  const width = usualWidth(records);
  const lastRow = records.findLastIndex(({ cells }) => hasDateAndAmount(cells));
  let best = { at: -1, score: 0, known: 0 };
  first.forEach((record, at) => {
    // Names of a summary below the rows are no header of them, nor is a row that holds words like names.
    if ((lastRow >= 0 && at > lastRow) || hasDateAndAmount(record.cells)) return;
    const { score, known } = headerScore(record.cells, width);
    if (score > best.score + 0.01) best = { at, score, known };
  });
  const bestRecord = records[best.at];
  if (bestRecord !== undefined && (best.known >= 2 || (best.known === 1 && filledCells(bestRecord.cells) <= 3))) {
    const confidence = best.known >= 3 ? 0.98 : best.known === 2 ? 0.9 : 0.76;
    return startAt(records, best.at, { value: bestRecord.line, confidence, reason: { code: "header_names", params: { known: best.known, line: bestRecord.line } } });
  }
  return unnamedHeader(records, width);
}

/** Names we do not know are still a header when the next line holds a date and an amount and this one does not. */
function unnamedHeader(records: readonly LinedRecord[], width: number): TableStart {
  const at = records.findIndex(({ cells }) => hasDateAndAmount(cells));
  const before = records[at - 1];
  if (before !== undefined && filledCells(before.cells) >= Math.max(2, width * 0.6) && !before.cells.some((cell) => isDateLike(cell.trim()) || isAmountLike(cell.trim()))) {
    return startAt(records, at - 1, { value: before.line, confidence: 0.76, reason: { code: "header_by_place", params: { line: before.line } } });
  }
  if (at < 0) return startAt(records, 0, { value: records[0]?.line ?? 1, confidence: 0.5, reason: { code: "header_first_line", params: {} } });
  return startWithout(records, { value: null, confidence: 0.85, reason: { code: "header_none", params: {} } });
}

function headerScore(cells: readonly string[], width: number): { score: number; known: number } {
  let known = 0;
  let values = 0;
  let filled = 0;
  for (const raw of cells) {
    const cell = raw.trim();
    if (cell === "") continue;
    filled += 1;
    if (isDateLike(cell) || isAmountLike(cell)) values += 1;
    else if (cell.length <= 60 && isKnownHeader(cell)) known += 1;
  }
  if (filled < 2 || isTotalText(cells.find((cell) => cell.trim() !== "") ?? "")) return { score: 0, known: 0 };
  return { score: known - values * 2 + (Math.abs(cells.length - width) <= 1 ? 1 : 0) + (known / filled) * 0.5, known };
}

function startAt(records: readonly LinedRecord[], at: number, headerLine: Decision<number | null>): TableStart {
  const top = records[at]?.cells ?? [];
  const below = records[at + 1]?.cells ?? [];
  const names = joinedNames(top, below);
  return { headerLine, names: (names ?? top).map(cleanName), preamble: records.slice(0, at), dataIndex: at + (names === undefined ? 1 : 2) };
}

function startWithout(records: readonly LinedRecord[], headerLine: Decision<number | null>): TableStart {
  const at = Math.max(0, records.findIndex(({ cells }) => hasDateAndAmount(cells)));
  return { headerLine, names: [], preamble: records.slice(0, at), dataIndex: at };
}

/** True for a record like a transaction: a date and an amount. */
export function hasDateAndAmount(cells: readonly string[]): boolean {
  return cells.some((cell) => isDateLike(cell.trim())) && cells.some((cell) => isAmountLike(cell.trim()));
}

function filledCells(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== "").length;
}

/** The number of cells most records have. */
export function usualWidth(records: readonly LinedRecord[]): number {
  const widths = new Map<number, number>();
  for (const { cells } of records) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  return [...widths].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [1, 0])[0];
}

/** A header cell without blanks, marks of needed and of counted columns, byte order marks read in the wrong encoding, and line breaks. */
function cleanName(name: string): string {
  return name.replace(/^(?:\u00ef\u00bb\u00bf|\ufeff)/, "").replace(/\s+/g, " ").trim().replace(/^[#*](?=\p{L})/u, "");
}
