import { hasDateAndAmount } from "../table/header.ts";

/** Where the columns of fixed-width text begin, and how sure that is. */
export interface FixedWidth {
  /** First character of each column after the first, ascending. */
  readonly cuts: readonly number[];
  readonly confidence: number;
  readonly lines: number;
}

/** Stands for a delimiter where columns keep to their places in the line. */
export const fixedWidth = "fixed";

const linesLookedAt = 500;
/** Lines may overflow their places now and then; they are refused one by one. */
const strayShareMax = 0.1;
const rulerLine = /^\s*[-=_]{2,}(?:\s+[-=_]{2,})+\s*$/;

/** True for a line drawn under names or above totals. */
export function isRuler(line: string): boolean {
  return /[-=_]{3}/.test(line) && /^[\s\-=_+|]*$/.test(line);
}

/**
 * Columns of text set with blanks: the gaps that the lines with a date and an amount share, two blanks wide or as a ruler under the names
 * draws them. `undefined` when fewer than three lines share them or the lines so cut hold no date beside an amount.
 */
export function findFixedWidth(head: string): FixedWidth | undefined {
  const lines = head.split(/\r\n|\n|\r/, linesLookedAt).filter((line) => line.trim() !== "");
  const ruler = lines.find((line) => rulerLine.test(line));
  const drawn = ruler === undefined ? [] : [...ruler.matchAll(/\S+/g)].map(({ index, 0: dashes }) => index + dashes.length + 1).slice(0, -1);
  const looksLikeRow = (line: string): boolean => !line.includes("\t") && hasDateAndAmount(ruler === undefined ? line.trim().split(/\s{2,}/) : cutLine(line, drawn));
  const first = lines.findIndex(looksLikeRow);
  const rows = lines.filter(looksLikeRow);
  if (rows.length < 3) return undefined;
  const names = lines.slice(0, first).findLast((line) => !isRuler(line)) ?? "";
  const cuts = ruler === undefined ? sharedGaps(rows, names) : drawn;
  const kept = rows.filter((row) => hasDateAndAmount(cutLine(row, cuts))).length;
  if (cuts.length === 0 || kept < 3 || kept < rows.length * (1 - strayShareMax)) return undefined;
  return { cuts, lines: kept, confidence: ruler !== undefined ? 0.95 : kept >= 6 ? 0.85 : 0.7 };
}

/**
 * The cells of a line, without the blanks around them. A ruler holds none. A line with a word across a cut keeps to other places: it stays
 * one cell, so that a title is read whole and half an amount is never taken for one.
 */
export function cutLine(line: string, cuts: readonly number[]): string[] {
  if (isRuler(line)) return [""];
  if (cuts.some((cut) => (isInk(line[cut - 1]) && isInk(line[cut])) || partsThousands(line, cut))) return [line.trim()];
  return [0, ...cuts].map((from, index) => line.slice(from, cuts[index] ?? line.length).trim());
}

/** `1 200 000` with a cut at one of its blanks. */
function partsThousands(line: string, cut: number): boolean {
  return /^\d{3}(?!\d)/.test(line.slice(cut, cut + 4)) && /(?:^|[\s+\-−])\d{1,3} $/.test(line.slice(Math.max(0, cut - 5), cut));
}

function isInk(character: string | undefined): boolean {
  return character !== undefined && character.trim() !== "";
}

/** Each gap is cut where the column to its right may begin: texts begin in one place, numbers grow to the left. */
function sharedGaps(rows: readonly string[], names: string): number[] {
  const width = Math.max(...rows.map((row) => row.length));
  const isBlank = (at: number): boolean => rows.filter((row) => isInk(row[at])).length <= rows.length * strayShareMax;
  const cuts: number[] = [];
  let gapFrom = -1;
  for (let at = 0; at <= width; at += 1) {
    if (at < width && isBlank(at)) {
      if (gapFrom < 0) gapFrom = at;
      continue;
    }
    if (gapFrom > 0 && at < width && at - gapFrom >= 2) cuts.push(cutWithin(gapFrom, at, names, rows.filter((row) => !isInk(row[at]) && row.slice(at).trim() !== "").length <= rows.length * strayShareMax));
    gapFrom = -1;
  }
  return cuts;
}

function cutWithin(from: number, to: number, names: string, beginsAlike: boolean): number {
  const places = Array.from({ length: to - from }, (_, index) => (beginsAlike ? to - index : from + 1 + index));
  return places.find((at) => !isInk(names[at - 1])) ?? to;
}
