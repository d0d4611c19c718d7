import { formatMinorDecimal } from "@saldo/schema";
import { importFile, openBooks, systemEnvironment } from "@saldo/client-core/books";
import { readingStyle } from "@saldo/client-core/import";
import { computeDashboard, readBookRange, totalsByKind, totalTransactions } from "@saldo/client-core/reports";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { dashboardText } from "../reports/dashboard-text.ts";
import { statementJson, statementsText } from "../groups-text.ts";
import type { Progress } from "../progress.ts";
import { questionsText } from "../questions-text.ts";
import { refusalsText } from "../refusals-text.ts";
import { currencyDefault, type FreshBooks } from "../store-folder.ts";
import { printJson, type Locale, type Terminal } from "../terminal.ts";
import { understoodText } from "../understood-text.ts";
import { freshFor, openInputFile } from "./input-file.ts";

/** Imports one file into memory and tells everything that was understood of it, with the dashboard of the whole file. Nothing is kept. */
export async function analyze(
  terminal: Terminal,
  progress: Progress,
  path: string,
  options: { readonly json: boolean; readonly fresh: FreshBooks; readonly locale: Locale; readonly signal: AbortSignal },
): Promise<void> {
  const file = await openInputFile(terminal, path);
  const database = await openStore(openBetterSqlite3({ path: ":memory:" }));
  try {
    const books = await openBooks(database, systemEnvironment(), { currency: currencyDefault, ...(await freshFor(file, options.fresh)) });
    const summary = await importFile(books, file, {
      signal: options.signal,
      onProgress: ({ bytesRead, bytesTotal }) => progress.update("Reading", bytesRead, bytesTotal),
    });
    progress.end();
    const { id: workspaceId } = await books.workspace();
    const { totals } = await totalTransactions(database, { workspaceId });
    const kinds = await totalsByKind(database, { workspaceId });
    const range = await readBookRange(database, workspaceId);
    const dashboard = await computeDashboard(database, { workspaceId, period: "all", today: books.today() });
    const { understanding } = summary;
    const { format, encoding, delimiter, headerLine, dateOrder, decimal, sign } = readingStyle(understanding);
    const result = {
      file: { name: file.name, bytes: file.bytes.byteLength },
      format,
      encoding,
      delimiter,
      headerLine,
      mapping: Object.fromEntries(understanding.columns.filter((column) => column.role !== "ignored").map((column) => [column.role, column.name])),
      columns: understanding.columns.map(({ index, name, role, confidence, reason }) => ({ index, name, role, confidence, reason: reason.code })),
      dateOrder,
      decimal,
      sign,
      ...("parts" in understanding ? { sheets: understanding.parts, hiddenRows: understanding.hiddenRows?.value ?? null } : {}),
      ...("fee" in understanding && understanding.fee !== null ? { fee: understanding.fee.value } : {}),
      ...("journal" in understanding && understanding.journal !== null ? { ownAccounts: understanding.journal.own.value } : {}),
      ...("outer" in understanding && understanding.outer !== null ? { outerLines: { lines: understanding.outer.lines, handling: understanding.outer.handling.value } } : {}),
      statements: understanding.statements,
      reconciliation: summary.statements.map(statementJson),
      transfersLinked: summary.transfersLinked,
      kinds,
      questions: understanding.questions.map(({ code, chosen, options: choices, confidence }) => ({ code, chosen, options: choices, confidence })),
      rowsRead: summary.rowsAdded,
      rowsRefused: summary.refusedCount,
      refused: summary.refused.map(({ line, part, reasonCode, column }) => ({ line, ...(part === undefined ? {} : { part }), reason: reasonCode, column })),
      skipped: summary.skipped.map(({ line, part, reasonCode }) => ({ line, ...(part === undefined ? {} : { part }), reason: reasonCode })),
      sums: totals.map(({ currency, inMinor, outMinor, count }) => ({
        currency,
        rows: count,
        in: formatMinorDecimal(inMinor, currency),
        out: formatMinorDecimal(outMinor, currency),
        inMinor,
        outMinor,
      })),
      firstDate: range?.first ?? null,
      lastDate: range?.last ?? null,
      dashboard,
    };
    if (options.json) return printJson(terminal, result);
    terminal.stdout.write(
      `${understoodText(result, options.locale)}${questionsText(understanding, options.locale)}${statementsText(summary, options.locale)}${refusalsText(summary, options.locale)}\n${dashboardText(dashboard, options.locale)}`,
    );
  } finally {
    await database.close();
  }
}
