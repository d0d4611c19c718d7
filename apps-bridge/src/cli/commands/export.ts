import { open } from "node:fs/promises";
import { bookExport, exportRows, type ExportFormat, type ExportSummary } from "@saldo/client-core/export";
import type { Books } from "@saldo/client-core/books";
import { SaldoError } from "@saldo/schema";
import { withBooks } from "../store-folder.ts";
import { printJson, type Locale, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";

/** What is exported, how and where to. */
export interface ExportCommandOptions extends StoreOptions {
  readonly format: ExportFormat;
  readonly encoding: "utf-8" | "windows-1251";
  readonly from?: string;
  readonly to?: string;
  /** A path, or - for standard output. A file that is there is not written over. */
  readonly output: string;
  readonly locale: Locale;
}

/** Writes the rows of a store as a file other programs read. Throws `SaldoError` `export.currency_not_carried`, `cli.output_unwritable`. */
export async function exportStore(terminal: Terminal, options: ExportCommandOptions): Promise<void> {
  await withBooks(options.store, { create: false, fresh: options.fresh }, async (books) => {
    if (options.output === "-") {
      await writeExport(books, options, (piece) => {
        terminal.stdout.write(piece);
        return Promise.resolve();
      });
      return;
    }
    const file = await open(options.output, "wx", 0o600).catch((cause: unknown) => {
      throw new SaldoError("cli.output_unwritable", { path: options.output }, { cause });
    });
    try {
      const summary = await writeExport(books, options, (piece) => file.writeFile(piece));
      if (options.json) return printJson(terminal, { output: options.output, format: options.format, ...summary });
      const replaced = summary.replaced === 0 ? "" : `, ${summary.replaced} characters are not in ${options.encoding} and became "?"`;
      terminal.stdout.write(`${options.output}: ${summary.rows} rows${replaced}\n`);
    } finally {
      await file.close();
    }
  });
}

async function writeExport(books: Books, options: ExportCommandOptions, write: (piece: Uint8Array) => Promise<void>): Promise<ExportSummary> {
  const { workspaceId } = await books.recordContext();
  const { format, encoding, locale, from, to } = options;
  const filter = { workspaceId, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return await books.database.snapshot(async (reader) => {
    const pieces = exportRows({ format, encoding, locale, exportedOn: books.today(), ...(await bookExport(reader, filter, format)) });
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) return next.value;
      await write(next.value);
    }
  });
}
