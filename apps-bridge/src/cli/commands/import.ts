import { writeFile } from "node:fs/promises";
import { changesSinceImport, importFile, planImport, undoImport, type Books, type ImportDecisions, type ImportSummary, type RowChoice } from "@saldo/client-core/books";
import { understandFile } from "@saldo/client-core/import";
import { listImports } from "@saldo/client-core/reports";
import { createSyncClient, sessionTokens, systemClock, type Relay } from "@saldo/client-core/sync";
import { SaldoError, statementReport } from "@saldo/schema";
import { z } from "zod";
import { openOriginal } from "../../core/original.ts";
import { describeFailure, PartlyRefused } from "../failure.ts";
import { countsText, lookCells, looksText, statementJson, statementsText } from "../groups-text.ts";
import type { Progress } from "../progress.ts";
import { questionsText } from "../questions-text.ts";
import { refusalsText } from "../refusals-text.ts";
import { hasBooks, readSession, withBooks, type SavedSession } from "../store-folder.ts";
import { askLine, printJson, tableText, type Locale, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";
import { filesOfPaths, freshFor, openInputFile, type InputFile } from "./input-file.ts";

/** How files are imported. */
export interface ImportCommandOptions extends StoreOptions {
  /** Adds rows although the books have them. */
  readonly again: boolean;
  /** What is done with rows that look like others of the books. */
  readonly duplicates: "skip" | "import" | "ask";
  /** What is done with single rows, by their number in the file. */
  readonly rows: ReadonlyMap<number, RowChoice>;
  readonly locale: Locale;
  readonly signal: AbortSignal;
}

/**
 * Imports files, and all files of folders, one after the other, into the books of a store, which is made when there is none. A refused file is told and the others are
 * still imported; the command then ends with {@link PartlyRefused}. Ctrl-C takes back what was added of the file under way.
 */
export async function importIntoStore(terminal: Terminal, progress: Progress, given: readonly string[], options: ImportCommandOptions): Promise<void> {
  const imported: (ImportSummary & { readonly name: string })[] = [];
  const paths = await filesOfPaths(given);
  if (options.rows.size > 0 && paths.length !== 1) throw new SaldoError("cli.wrong_usage", { option: "--add, --skip", form: "with one file" });
  let failures = 0;
  for (const path of paths) {
    try {
      imported.push(await importOne(terminal, progress, path, options));
    } catch (error) {
      progress.end();
      if (paths.length === 1 || options.signal.aborted || !(error instanceof SaldoError) || error.code.startsWith("store.")) throw error;
      failures += 1;
      terminal.stderr.write(`${path}\n${describeFailure(error, { debug: false, locale: options.locale }).text}`);
    }
  }
  if (options.json) printJson(terminal, jsonOf(imported));
  if (failures > 0) throw new PartlyRefused();
}

async function importOne(terminal: Terminal, progress: Progress, path: string, options: ImportCommandOptions): Promise<ImportSummary & { readonly name: string }> {
  const file = await openInputFile(terminal, path);
  const fresh = (await hasBooks(options.store)) ? options.fresh : await freshFor(file, options.fresh);
  const summary = await withBooks(options.store, { create: true, discardNew: true, chart: true, fresh }, (books) =>
    importAsked(terminal, progress, books, file, options),
  );
  progress.end();
  const { locale } = options;
  if (!options.json) terminal.stdout.write(`${file.name}: ${countsText(summary, locale)}\n${questionsText(summary.understanding, locale)}${looksText(summary, locale)}${statementsText(summary, locale)}${refusalsText(summary, locale)}`);
  return { ...summary, name: file.name };
}

/** Plans first where a person is to be asked. */
async function importAsked(terminal: Terminal, progress: Progress, books: Books, file: InputFile, options: ImportCommandOptions): Promise<ImportSummary> {
  const { signal, again, duplicates } = options;
  const usual: ImportDecisions = { rows: options.rows, ...(again ? { there: "add" } : {}), ...(duplicates === "import" ? { look: "add" } : {}) };
  const onProgress = ({ phase, bytesRead, bytesTotal }: { readonly phase: "checking" | "saving"; readonly bytesRead: number; readonly bytesTotal: number }) =>
    progress.update(`${phase === "checking" ? "Comparing" : "Importing"} ${file.name}`, bytesRead, bytesTotal);
  if (duplicates !== "ask") return importFile(books, file, { signal, decisions: usual, onProgress });
  const { currency: defaultCurrency } = await books.workspace();
  const understanding = await understandFile(file.bytes, { fileName: file.name, defaultCurrency });
  const plan = await planImport(books, file.bytes, understanding, { signal, onProgress: (bytesRead) => onProgress({ phase: "checking", bytesRead, bytesTotal: file.bytes.byteLength }) });
  progress.end();
  const rows = new Map(options.rows);
  for (let asked = 0; asked < plan.groups.look; ) {
    const page = await plan.pageOf("look", asked, { signal });
    for (const look of page.filter(({ index }) => !options.rows.has(index))) {
      terminal.stderr.write(tableText([lookCells(look, options.locale)]));
      const answer = await askLine(terminal, askWords[options.locale]);
      rows.set(look.index, /^[yд]/i.test(answer) ? "add" : "skip");
    }
    asked += page.length;
    if (page.length === 0) break;
  }
  return importFile(books, file, { signal, plan, decisions: { ...usual, rows }, onProgress });
}

const askWords: Readonly<Record<Locale, string>> = { en: "Add it as another one? [y/N] ", ru: "Добавить как ещё одну? [д/Н] " };

function jsonOf(imported: readonly (ImportSummary & { readonly name: string })[]) {
  const sum = (of: (summary: ImportSummary) => number) => imported.reduce((total, summary) => total + of(summary), 0);
  return {
    rowsAdded: sum(({ rowsAdded }) => rowsAdded),
    rowsThere: sum(({ rowsThere }) => rowsThere),
    rowsLeftOut: sum(({ rowsLeftOut }) => rowsLeftOut),
    rowsRefused: sum(({ refusedCount }) => refusedCount),
    files: imported.map(({ name, importId, groups, looks, rowsAdded, rowsThere, rowsLeftOut, statements, transfersLinked, refusedCount, refused, skipped }) => ({
      name,
      importId,
      groups,
      rowsAdded,
      rowsThere,
      rowsLeftOut,
      rowsRefused: refusedCount,
      transfersLinked,
      statements: statements.map(statementJson),
      looks: looks.map(({ index, row, twin }) => ({ index, line: row.line, postedOn: row.postedOn, amountMinor: row.amountMinor, currency: row.currency, counterparty: row.counterparty, description: row.description, like: twin === null ? null : { transactionId: twin.id, postedOn: twin.postedOn, counterparty: twin.counterpartyName, description: twin.description } })),
      refused: refused.map(({ line, reasonCode, column }) => ({ line, reason: reasonCode, column })),
      skipped: skipped.map(({ line, reasonCode }) => ({ line, reason: reasonCode })),
    })),
  };
}

/** Lists the imports of a store, newest first. */
export async function listStoreImports(terminal: Terminal, options: StoreOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const imports = await listImports(books.database, (await books.recordContext()).workspaceId);
    const rows = imports.map(({ id, fileName, status, rowsAdded, rowsThere, rowsLeftOut, rowsRefused, firstOn, lastOn, createdAt, statements }) => ({
      ...{ importId: id, fileName, status, rowsAdded, rowsThere, rowsLeftOut, rowsRefused, firstOn, lastOn, createdAt },
      statements: z.array(statementReport).parse(statements),
    }));
    if (options.json) return printJson(terminal, { imports: rows.map((row) => ({ ...row, statements: row.statements.map(statementJson) })) });
    const agrees = ({ statements }: (typeof rows)[number]) => {
      const told = statements.flatMap(({ differenceMinor }) => differenceMinor ?? []);
      return told.length === 0 ? "—" : told.every((difference) => difference === 0) ? "agrees" : "differs";
    };
    const cells = rows.map((row) => [
      ...[row.createdAt.slice(0, 16).replace("T", " "), row.status, String(row.rowsAdded), String(row.rowsThere), String(row.rowsLeftOut), String(row.rowsRefused)],
      ...[row.firstOn ?? "", row.lastOn ?? "", agrees(row), row.fileName, row.importId],
    ]);
    terminal.stdout.write(tableText([["When (UTC)", "Status", "Added", "There", "Left out", "Refused", "First", "Last", "Balances", "File", "Import"], ...cells], [2, 3, 4, 5]));
  });
}

/** Where an original is written. */
export interface OriginalCommandOptions extends StoreOptions {
  readonly importId: string;
  /** A path, or - for standard output. A file that is there is not written over. */
  readonly output: string;
  readonly signal: AbortSignal;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Writes the original of an import to a file, fetching it with the store's sign-in when it is not in the store. Throws `SaldoError` `file.*`, `cli.output_unwritable`. */
export async function writeStoreOriginal(terminal: Terminal, options: OriginalCommandOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const session = await readSession(options.store);
    const relay = session === undefined ? null : relayOfSession(books, session, options);
    const { bytes } = await openOriginal(books, options.importId, relay, options.signal);
    if (options.output === "-") return void terminal.stdout.write(bytes);
    await writeFile(options.output, bytes, { flag: "wx", mode: 0o600 }).catch((cause: unknown) => {
      throw new SaldoError("cli.output_unwritable", { path: options.output }, { cause });
    });
    if (options.json) return printJson(terminal, { importId: options.importId, output: options.output, bytes: bytes.byteLength });
    terminal.stdout.write(`${options.output}: ${bytes.byteLength} bytes\n`);
  });
}

function relayOfSession({ database, ids }: Books, { server, sessionToken }: SavedSession, { random }: OriginalCommandOptions): Relay {
  const tokenSource = sessionTokens(server, fetch, { kind: "bearer", token: sessionToken });
  return createSyncClient({ database, serverUrl: server, fetch, clock: systemClock(), random, ids, log: () => undefined, tokenSource }).relay;
}

/** Takes back one import of a store, the newest complete one when none is named. Throws `SaldoError` `cli.nothing_to_undo`. */
export async function undoStoreImport(terminal: Terminal, importId: string | undefined, options: StoreOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const imports = await listImports(books.database, (await books.recordContext()).workspaceId);
    const found = imports.find(({ id, status }) => status === "complete" && (importId === undefined || id === importId));
    if (!found) throw new SaldoError("cli.nothing_to_undo");
    const { workspaceId } = await books.recordContext();
    const changes = await books.database.snapshot((reader) => changesSinceImport(reader, workspaceId, found.id));
    await undoImport(books, found.id);
    if (options.json) return printJson(terminal, { importId: found.id, fileName: found.fileName, rowsRemoved: found.rowsAdded, rowsChanged: changes.count, changed: changes.rows });
    const changed = changes.rows.map(({ postedOn, description, changed: what }) => ["", postedOn, description, what.join(", ")]);
    const note = changes.count === 0 ? "" : `; ${changes.count} of them had been changed since`;
    terminal.stdout.write(tableText([[`${found.fileName}: ${found.rowsAdded} rows taken back${note}`], ...changed]));
  });
}
