import { readRows, understandFile, type ImportHints, type ReadRow, type Understanding, type UnderstoodColumn } from "../import/index.ts";
import { chooseColumns, isAnswerColumn, isFurtherColumn, type FileColumn } from "./file-columns.ts";
import { ledgerBuilder, type Ledger } from "./ledger.ts";
import { vendorKey } from "./vendor-key.ts";

/** A file read as a ledger. Ids of its rows are their lines. */
export interface FileLedger {
  readonly ledger: Ledger;
  readonly understanding: Understanding;
  /** Names of the columns that serve as category and details; of the answers that were not read. */
  readonly category: string | null;
  readonly details: readonly string[];
  readonly leftOut: readonly string[];
  readonly refused: number;
}

/** A list whose amounts are nearly all positive, and says nothing of their sign, is one of payments. */
const paymentsShareMin = 0.9;

/**
 * Reads a file of any format as a ledger, with whatever its further columns tell rows apart by (cost centre, department, card). Columns that hold
 * answers (`label`, `is_fraud`) are not read. Throws `SaldoError` `import.*` as reading does.
 */
export async function readFileLedger(bytes: Uint8Array, hints: ImportHints = {}): Promise<FileLedger> {
  const first = await understandFile(bytes, hints);
  const answers = first.columns.filter(isAnswerColumn);
  const ignored = Object.fromEntries(answers.map(({ index }) => [index, "ignored" as const]));
  const understanding = answers.length === 0 ? first : await understandFile(bytes, { ...hints, answers: { ...hints.answers, columns: { ...hints.answers?.columns, ...ignored } } });
  const further = "headerLine" in understanding ? understanding.columns.filter(isFurtherColumn) : [];
  const dateColumn = understanding.columns.find(({ role }) => role === "date")?.index ?? -1;
  const cellsOf = "headerLine" in understanding ? [...further.map(({ index }) => index), dateColumn] : [];
  const rows: ReadRow[] = [];
  let refused = 0;
  for await (const batch of readRows(bytes, understanding, { cellsOf })) {
    for (const row of batch.rows) rows.push(...(row.parts ?? [row]));
    refused += batch.refused.length;
  }
  nameVendors(rows, further, understanding);
  const columns = further.map(({ name, role }, place): FileColumn => ({ name, role, cells: rows.map((row) => row.cells?.[place] ?? "") }));
  const choice = chooseColumns(columns, rows.map((row) => vendorKey(nameOf(row))));
  const nameAt = (place: number) => columns[place]?.name ?? "";
  return {
    ledger: build(rows, columns, choice, arePayments(rows, understanding)),
    understanding,
    category: choice.category === null ? null : nameAt(choice.category),
    details: choice.details.map(nameAt),
    leftOut: answers.map(({ name }) => name),
    refused,
  };
}

function build(rows: readonly ReadRow[], columns: readonly FileColumn[], choice: ReturnType<typeof chooseColumns>, arePaid: boolean): Ledger {
  const builder = ledgerBuilder(choice.details.length);
  const isTable = columns.length > 0;
  for (const [place, row] of rows.entries()) {
    builder.add({
      id: String(row.line),
      postedOn: row.postedOn,
      minuteOfDay: minuteOf(row.cells?.at(-1) ?? ""),
      amountMinor: arePaid ? -row.amountMinor : row.amountMinor,
      currency: row.currency,
      counterparty: row.counterparty ?? "",
      description: row.description,
      category: choice.category === null ? (isTable ? null : row.category) : (columns[choice.category]?.cells[place] ?? null),
      account: isTable ? null : row.account,
      details: choice.details.map((detail) => columns[detail]?.cells[place] ?? ""),
      isDistinct: false,
    });
  }
  return builder.build();
}

/** What a column of counterparties is called where reading a statement found none. */
const vendorNames = /vendor|supplier|merchant|payee|counterpart|benefici|creditor|контрагент|поставщик|получател/iu;

/** Gives rows the counterparty of a column whose name says so, where reading found none. */
function nameVendors(rows: ReadRow[], further: readonly UnderstoodColumn[], { columns }: Understanding): void {
  if (columns.some(({ role }) => role === "counterparty" || role === "payee" || role === "payer")) return;
  const place = further.findIndex(({ name }) => vendorNames.test(name));
  if (place < 0) return;
  for (const [index, row] of rows.entries()) rows[index] = { ...row, counterparty: row.cells?.[place] ?? null };
}

function nameOf({ counterparty, description }: ReadRow): string {
  return counterparty ?? description;
}

function arePayments(rows: readonly ReadRow[], { questions }: Understanding): boolean {
  const isOpen = questions.some(({ code }) => code === "sign");
  return isOpen && rows.filter(({ amountMinor }) => amountMinor > 0).length > paymentsShareMin * rows.length;
}

/** The time within a cell of a date; null where there is none. */
function minuteOf(cell: string): number | null {
  const match = /[T\s](\d{1,2}):(\d{2})/u.exec(cell);
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2])];
  return match !== null && hour < 24 && minute < 60 ? hour * 60 + minute : null;
}
