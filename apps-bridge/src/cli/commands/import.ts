import { writeFile } from "node:fs/promises";
import { importFile, type Books, type ImportSummary } from "@saldo/client-core/books";
import { listImports } from "@saldo/client-core/reports";
import { createSyncClient, sessionTokens, systemClock, type Relay } from "@saldo/client-core/sync";
import { SaldoError } from "@saldo/schema";
import { openOriginal } from "../../core/original.ts";
import { describeFailure, PartlyRefused } from "../failure.ts";
import type { Progress } from "../progress.ts";
import { refusalsText } from "../refusals-text.ts";
import { hasBooks, readSession, withBooks, type SavedSession } from "../store-folder.ts";
import { printJson, tableText, type Locale, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";
import { freshFor, readInputFile } from "./input-file.ts";

/** How files are imported. */
export interface ImportCommandOptions extends StoreOptions {
  /** Imports a file whose very bytes are there already. */
  readonly again: boolean;
  readonly locale: Locale;
  readonly signal: AbortSignal;
}

/**
 * Imports files, one after the other, into the books of a store, which is made when there is none. A refused file is told and the others are
 * still imported; the command then ends with {@link PartlyRefused}. Ctrl-C takes back what was added of the file under way.
 */
export async function importIntoStore(terminal: Terminal, progress: Progress, paths: readonly string[], options: ImportCommandOptions): Promise<void> {
  const imported: (ImportSummary & { readonly name: string })[] = [];
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
  const file = await readInputFile(terminal, path);
  const fresh = (await hasBooks(options.store)) ? options.fresh : await freshFor(file, options.fresh);
  const summary = await withBooks(options.store, { create: true, discardNew: true, fresh }, (books) =>
    importFile(books, file, {
      again: options.again,
      signal: options.signal,
      onProgress: ({ bytesRead, bytesTotal }) => progress.update(`Importing ${file.name}`, bytesRead, bytesTotal),
    }),
  );
  progress.end();
  if (!options.json) terminal.stdout.write(`${file.name}: ${summary.rowsAdded} rows added, ${summary.refusedCount} refused\n${refusalsText(summary, options.locale)}`);
  return { ...summary, name: file.name };
}

function jsonOf(imported: readonly (ImportSummary & { readonly name: string })[]) {
  const sum = (of: (summary: ImportSummary) => number) => imported.reduce((total, summary) => total + of(summary), 0);
  return {
    rowsAdded: sum(({ rowsAdded }) => rowsAdded),
    rowsRefused: sum(({ refusedCount }) => refusedCount),
    files: imported.map(({ name, importId, rowsAdded, refusedCount, refused, skipped }) => ({
      name,
      importId,
      rowsAdded,
      rowsRefused: refusedCount,
      refused: refused.map(({ line, reasonCode, column }) => ({ line, reason: reasonCode, column })),
      skipped: skipped.map(({ line, reasonCode }) => ({ line, reason: reasonCode })),
    })),
  };
}

/** Lists the imports of a store, newest first. */
export async function listStoreImports(terminal: Terminal, options: StoreOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    const imports = await listImports(books.database, (await books.recordContext()).workspaceId);
    const rows = imports.map(({ id, fileName, status, rowsAdded, rowsRefused, createdAt }) => ({ importId: id, fileName, status, rowsAdded, rowsRefused, createdAt }));
    if (options.json) return printJson(terminal, { imports: rows });
    const cells = rows.map((row) => [row.createdAt.slice(0, 16).replace("T", " "), row.status, String(row.rowsAdded), String(row.rowsRefused), row.fileName, row.importId]);
    terminal.stdout.write(tableText([["When (UTC)", "Status", "Added", "Refused", "File", "Import"], ...cells], [2, 3]));
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
    await books.record("import.undo", { importId: found.id });
    if (options.json) return printJson(terminal, { importId: found.id, fileName: found.fileName, rowsRemoved: found.rowsAdded });
    terminal.stdout.write(tableText([[`${found.fileName}: ${found.rowsAdded} rows taken back`]]));
  });
}
