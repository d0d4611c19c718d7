import { SaldoError } from "@saldo/schema";
import { readArchiveRows } from "./archive/read.ts";
import { openCamt } from "./camt/read.ts";
import { readCsvRows } from "./csv/read.ts";
import { importLimits } from "./limits.ts";
import type { ReadBatch, TextEncoding, Understanding, UnderstoodExchange } from "./model.ts";
import { openMt940 } from "./mt940/read.ts";
import { openOfx } from "./ofx/read.ts";
import { openOneC } from "./one-c/read.ts";
import { openWorkbook } from "./sheets/open.ts";
import { readSheets } from "./sheets/read.ts";
import { openQif } from "./qif/read.ts";
import type { FileBytes } from "../file-bytes.ts";
import { batchesOf } from "./sink.ts";

/**
 * Reads the rows of a file as it was understood, batch by batch, holding one batch at a time. Every record is in exactly one list of a
 * batch or counted as blank. Throws `import.no_date_column` or `import.no_amount_column` when the understanding lacks one, and the
 * errors of the format where the file breaks off or passes a limit. Rows of a table bring the cells of the columns in `cellsOf`.
 */
export async function* readRows(bytes: FileBytes, understanding: Understanding, options: { readonly batchRows?: number; readonly cellsOf?: readonly number[] } = {}): AsyncGenerator<ReadBatch, void, void> {
  const [missing] = understanding.missing;
  if (missing !== undefined) throw new SaldoError(missing === "date" ? "import.no_date_column" : "import.no_amount_column");
  const batchRows = options.batchRows ?? importLimits.batchRowsDefault;
  switch (understanding.format) {
    case "csv":
      yield* readCsvRows(bytes, understanding, batchRows, options.cellsOf);
      return;
    case "xlsx":
    case "xls":
    case "ods":
      yield* readSheets(openWorkbook(bytes, understanding.format), understanding, batchRows, options.cellsOf);
      return;
    case "zip":
      yield* readArchiveRows(bytes, understanding, batchRows, readRows);
      return;
    case "1c":
      yield* batchesOf(openOneC(bytes, understanding), batchRows);
      return;
    case "ofx":
      yield* batchesOf(openOfx(bytes, settingsOf(understanding)), batchRows);
      return;
    case "camt":
      yield* batchesOf(openCamt(bytes, settingsOf(understanding)), batchRows);
      return;
    case "qif": {
      const { dateOrder, decimalStyle } = understanding;
      yield* batchesOf(openQif(bytes, { ...settingsOf(understanding), dateOrder: dateOrder.value, decimal: decimalStyle.value }), batchRows);
      return;
    }
    case "mt940":
      yield* batchesOf(openMt940(bytes, settingsOf(understanding)), batchRows);
  }
}

function settingsOf({ encoding, bomBytes, currency }: UnderstoodExchange): { readonly encoding: TextEncoding; readonly bomBytes: number; readonly currency: string } {
  return { encoding: encoding.value, bomBytes, currency: currency.value };
}
