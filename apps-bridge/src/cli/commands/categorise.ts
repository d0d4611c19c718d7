import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { readLabelledTable, trainCategoriser, type TableColumns, type TableRow, type Verdict } from "@saldo/client-core/categories";
import { readRows, understandFile } from "@saldo/client-core/import";
import { SaldoError } from "@saldo/schema";
import { currencyDefault } from "../store-folder.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";
import { inputFileBytesMax, readInputFile } from "./input-file.ts";

/** Rows between two looks at whether Ctrl-C was pressed. */
const rowsPerTurn = 2_000;

/** What a row was given; `label` is null when it was not sure enough, and `suggestion` what it would be then. */
interface Categorised {
  readonly line: number;
  readonly label: string | null;
  readonly confidence: number;
  readonly abstained: boolean;
  readonly suggestion: string | null;
  readonly why: Verdict["why"];
}

/**
 * Learns categories from the rows of one table and gives them to those of another, row by row: the category where it is sure enough, else that it
 * abstained and what it would suggest. Throws `SaldoError` `categorise.*`, `cli.*` and `import.*`.
 */
export async function categoriseFile(
  terminal: Terminal,
  options: { readonly train: string; readonly input: string; readonly columns: Required<TableColumns>; readonly json: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const { columns, signal } = options;
  const trained = await readPlain(terminal, options.train);
  const known = await oldestFirst(trained, readLabelledTable(trained, columns).filter(({ label }) => label !== ""));
  if (known.length === 0) throw new SaldoError("categorise.no_labels", { column: columns.label });
  const rows = readLabelledTable(await readPlain(terminal, options.input), { texts: columns.texts, amount: columns.amount });
  const categoriser = await trainCategoriser(known);
  const results: Categorised[] = [];
  for (const [index, row] of rows.entries()) {
    const { label, confidence, isSure, why } = categoriser.categorise(row);
    results.push({ line: row.line, label: isSure ? label : null, confidence: Number(confidence.toFixed(4)), abstained: !isSure, suggestion: label, why });
    if (index % rowsPerTurn !== 0) continue;
    if (signal.aborted) throw new SaldoError("cli.interrupted");
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
  if (options.json) return printJson(terminal, results);
  const lines = results.map(({ line, label, suggestion, confidence, abstained }) => [String(line), label ?? "", `${(100 * confidence).toFixed(1)}%`, abstained ? (suggestion ?? "") : ""]);
  terminal.stdout.write(tableText([["line", "category", "confidence", "suggestion"], ...lines], [0, 2]));
}

/** Rows in the order of their dates, where the table tells them: newer ones weigh more. Those without a date come first. */
async function oldestFirst(bytes: Uint8Array, rows: readonly TableRow[]): Promise<readonly TableRow[]> {
  const dates = new Map<number, string>();
  try {
    const understanding = await understandFile(bytes, { fileName: "table.csv", defaultCurrency: currencyDefault });
    if (understanding.missing.length > 0) return rows;
    for await (const batch of readRows(bytes, understanding)) for (const { line, postedOn } of batch.rows) dates.set(line, postedOn);
  } catch (error) {
    if (error instanceof SaldoError) return rows;
    throw error;
  }
  const dateOf = ({ line }: TableRow) => dates.get(line) ?? "";
  return rows.toSorted((a, b) => (dateOf(a) < dateOf(b) ? -1 : dateOf(a) > dateOf(b) ? 1 : 0));
}

async function readPlain(terminal: Terminal, path: string): Promise<Uint8Array> {
  const { bytes } = await readInputFile(terminal, path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? new Uint8Array(await promisify(gunzip)(bytes, { maxOutputLength: inputFileBytesMax })) : bytes;
}
