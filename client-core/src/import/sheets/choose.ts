import { SaldoError } from "@saldo/schema";
import { importLimits } from "../limits.ts";
import type { Decision } from "../model.ts";
import { findHeader, hasDateAndAmount } from "../table/header.ts";
import type { LinedRecord } from "../table/record.ts";
import type { Sheet, Workbook } from "./workbook.ts";

/** A sheet as far as it was looked at to choose. */
export interface SheetGlance {
  readonly sheet: Sheet;
  /** Rows with a date and an amount among the first. */
  readonly transactions: number;
  readonly names: readonly string[];
  readonly records: readonly LinedRecord[];
}

/** The sheets to read, all of one shape, and what every sheet holds. */
export interface SheetChoice {
  readonly chosen: readonly SheetGlance[];
  readonly glances: readonly SheetGlance[];
  readonly decision: Decision<readonly string[]>;
}

/**
 * Chooses the sheets that hold transactions: the one with most of them, and those with the same header that repeat none of its rows (a
 * sheet for each month). Throws `import.empty_workbook` when no sheet holds a cell.
 */
export function chooseSheets(workbook: Workbook, answer: readonly string[] | undefined): SheetChoice {
  const visible = workbook.sheets.filter((sheet) => !sheet.isHidden || answer?.includes(sheet.name) === true);
  const glances = (visible.length > 0 ? visible : workbook.sheets).slice(0, importLimits.sheetsMax).map(lookAt);
  const filled = glances.filter(({ records }) => records.length > 0);
  const decide = (chosen: readonly SheetGlance[], confidence: number, code: string): SheetChoice => {
    const value = chosen.map(({ sheet }) => sheet.name);
    return { chosen, glances: filled, decision: { value, confidence, reason: { code, params: { sheet: value.join(", "), sheets: filled.length } } } };
  };
  const [told, ...alsoTold] = (answer ?? []).flatMap((name) => filled.find(({ sheet }) => sheet.name === name) ?? []);
  // Sheets of another shape cannot be read by the columns of the first.
  if (told !== undefined) return decide([told, ...alsoTold.filter((glance) => hasSameNames(glance, told))], 1, "you_said");
  const [best, ...others] = filled.toSorted((a, b) => b.transactions - a.transactions);
  if (best === undefined) throw new SaldoError("import.empty_workbook", { sheets: workbook.sheets.length });
  if (filled.length === 1) return decide([best], 1, "sheet_only_one");
  const rivals = others.filter(({ transactions }) => transactions > 0);
  if (rivals.length === 0) return decide([best], best.transactions > 0 ? 0.98 : 0.5, best.transactions > 0 ? "sheet_only_transactions" : "sheet_none");
  const alike = filled.filter((glance) => glance === best || (rivals.includes(glance) && hasSameNames(glance, best)));
  if (alike.length === rivals.length + 1 && !repeatRows(alike)) return decide(alike, 0.9, "sheets_alike");
  const [second] = rivals;
  const isClear = second !== undefined && best.transactions >= second.transactions * 5 && !hasSameNames(second, best);
  return decide([best], isClear ? 0.85 : 0.5, isClear ? "sheet_most_transactions" : "sheets_several");
}

function lookAt(sheet: Sheet): SheetGlance {
  const records: LinedRecord[] = [];
  for (const { line, cells } of sheet.rows()) {
    if (cells.length > 0) records.push({ line, cells });
    if (records.length >= importLimits.sheetRowsLookedAt) break;
  }
  const transactions = records.filter(({ cells }) => hasDateAndAmount(cells)).length;
  return { sheet, records, transactions, names: records.length === 0 ? [] : findHeader(records, undefined).names };
}

function hasSameNames(one: SheetGlance, other: SheetGlance): boolean {
  return one.names.length > 0 && one.names.length === other.names.length && one.names.every((name, index) => name === other.names[index]);
}

/** True when rows of one sheet stand in another too, as in a sheet of the whole year beside its months. */
function repeatRows(glances: readonly SheetGlance[]): boolean {
  const seen = new Set<string>();
  let repeated = 0;
  for (const { records } of glances) {
    const own = new Set(records.filter(({ cells }) => hasDateAndAmount(cells)).map(({ cells }) => cells.join("\u0000")));
    for (const row of own) if (seen.has(row)) repeated += 1;
    for (const row of own) seen.add(row);
  }
  return repeated >= 3;
}
