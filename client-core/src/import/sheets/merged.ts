import { isAmountLike } from "../table/profile.ts";
import type { SheetRow } from "./workbook.ts";

/** Cells merged into one over several rows; numbered from 0 by column and from 1 by row. */
export interface MergedCells {
  readonly column: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Repeats the text of merged cells in the rows below that hold an amount of their own: one date beside several payments stands for each.
 * An amount merged over rows is one amount and is never repeated.
 */
export function* fillMerged(rows: Iterable<SheetRow>, merged: readonly MergedCells[]): Generator<SheetRow, void, void> {
  const waiting = merged.toSorted((a, b) => a.top - b.top);
  let first = 0;
  let open: { readonly cell: MergedCells; readonly text: string }[] = [];
  for (const row of rows) {
    open = open.filter(({ cell }) => cell.bottom >= row.line);
    const cells = open.length > 0 && row.cells.some((text) => isAmountLike(text)) ? filled(row.cells, open) : row.cells;
    for (let cell = waiting[first]; cell !== undefined && cell.top <= row.line; cell = waiting[(first += 1)]) {
      const text = cell.top === row.line ? (cells[cell.column] ?? "") : "";
      if (text !== "" && !isAmountLike(text)) open.push({ cell, text });
    }
    yield cells === row.cells ? row : { ...row, cells };
  }
}

function filled(cells: readonly string[], open: readonly { readonly cell: MergedCells; readonly text: string }[]): string[] {
  const whole = [...cells];
  for (const { cell, text } of open) {
    while (whole.length <= cell.column) whole.push("");
    if (whole[cell.column] === "") whole[cell.column] = text;
  }
  return whole;
}
