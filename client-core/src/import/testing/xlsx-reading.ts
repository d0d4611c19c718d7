import { createReadStream, readFileSync } from "node:fs";
import path from "node:path";
import ExcelJS from "exceljs";
import { shown, withinTimes, type BenchContext, type Figure } from "../../../../deploy/bench/bench.ts";
import { readRows, understandFile } from "../index.ts";
import { openXlsx } from "../sheets/xlsx/open.ts";

const rowCount = 500_000;
const rounds = 3;

/**
 * 500,000 × 6 cells of a workbook read row by row, beside the stream reader of ExcelJS in the same process, in turns; both ways of
 * writing texts (in place, shared). Shown besides: the whole way from bytes to understood rows.
 */
export async function xlsxFigures({ now, note, folder }: Pick<BenchContext, "now" | "note" | "folder">): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const kind of ["in place", "shared"] as const) {
    note(`a workbook with texts ${kind}`);
    const file = path.join(folder, `${kind.replace(" ", "-")}.xlsx`);
    await writeWorkbook(file, kind === "shared");
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await timed(now, () => readOurs(file)));
      theirs.push(await timed(now, () => readExcelJs(file)));
    }
    figures.push(withinTimes(`XLSX 500,000 × 6 read, texts ${kind}`, median(ours), "s", median(theirs), 1.2));
    if (kind === "in place") figures.push(shown("XLSX 500,000 × 6 from bytes to understood rows", await timed(now, () => understandOurs(file)), "s"));
  }
  return figures;
}

async function writeWorkbook(file: string, useSharedStrings: boolean): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useStyles: true, useSharedStrings });
  const sheet = workbook.addWorksheet("Ledger");
  sheet.addRow(["Date", "Description", "Amount", "Category", "Counterparty", "Account"]).commit();
  for (let at = 0; at < rowCount; at += 1) {
    const amount = (((at * 7919) % 2_000_000) - 1_000_000) / 100;
    const row = sheet.addRow([new Date(Date.UTC(2022, 0, 1 + (at % 1000))), `Payment for services no ${at}`, amount, `Category ${at % 20}`, `Company ${at % 500} Ltd`, `Account ${at % 4}`]);
    row.getCell(1).numFmt = "dd.mm.yyyy";
    row.commit();
  }
  sheet.commit();
  await workbook.commit();
}

function readOurs(file: string): Promise<void> {
  let [rows, cells] = [0, 0];
  for (const row of openXlsx(new Uint8Array(readFileSync(file))).sheets[0]?.rows() ?? []) {
    rows += 1;
    cells += row.cells.length;
  }
  requireAll(rows, cells);
  return Promise.resolve();
}

async function readExcelJs(file: string): Promise<void> {
  let [rows, cells] = [0, 0];
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(createReadStream(file), { worksheets: "emit", sharedStrings: "cache", styles: "cache", hyperlinks: "ignore", entries: "ignore" });
  for await (const sheet of reader) {
    for await (const row of sheet) {
      rows += 1;
      cells += row.cellCount;
    }
  }
  requireAll(rows, cells);
}

async function understandOurs(file: string): Promise<void> {
  const bytes = new Uint8Array(readFileSync(file));
  let rows = 0;
  for await (const batch of readRows(bytes, await understandFile(bytes, { defaultCurrency: "EUR" }))) rows += batch.rows.length;
  if (rows !== rowCount) throw new Error(`${rows} rows of ${rowCount}`);
}

function requireAll(rows: number, cells: number): void {
  if (rows !== rowCount + 1 || cells !== (rowCount + 1) * 6) throw new Error(`${rows} rows and ${cells} cells were read`);
}

async function timed(now: () => number, work: () => Promise<void>): Promise<number> {
  const from = now();
  await work();
  return Number(((now() - from) / 1000).toFixed(3));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
