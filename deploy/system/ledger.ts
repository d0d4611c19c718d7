import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { importFile, openBooks, systemEnvironment } from "@saldo/client-core/books";
import { openStore } from "@saldo/client-core/store";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { fileOnDisk } from "@saldo/client-core/store/file-on-disk";
import { sql } from "drizzle-orm";

/** Rows of the file that is imported. */
export const ledgerRows = 500_000;

/** Writes the file that is imported: 500,000 rows, 51 MB. Throws when the generator is absent. */
export function makeLedger(repository: string, folder: string): string {
  const generator = path.join(repository, "..", "shared", "tools", "gen-ledger.mjs");
  if (!existsSync(generator)) throw new Error("the ledger generator ../shared/tools/gen-ledger.mjs is absent");
  const file = path.join(folder, "ledger.csv");
  execFileSync(process.execPath, [generator, String(ledgerRows), file], { stdio: "ignore" });
  return file;
}

/** Imports the file into a store, made if it is not there. Throws when a row is missing. */
export async function importInto(store: string, file: string): Promise<void> {
  const database = await openStore(openBetterSqlite3({ path: store }));
  const books = await openBooks(database, systemEnvironment(), { currency: "USD", locale: "en" });
  const summary = await importFile(books, { name: "ledger.csv", bytes: fileOnDisk(file) });
  const [row] = await database.query(sql`select count(*) as "n" from "transaction"`);
  if (summary.rowsAdded !== ledgerRows || row?.["n"] !== ledgerRows) throw new Error(`${summary.rowsAdded} rows of ${ledgerRows}`);
  await database.close();
}
