import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { importFile, openBooks, systemEnvironment } from "@saldo/client-core/books";
import { xlsxFigures } from "@saldo/client-core/import/bench";
import { openStore } from "@saldo/client-core/store";
import { fileOnDisk } from "@saldo/client-core/store/file-on-disk";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { sqliteMigrations, systemIds } from "@saldo/schema";
import Database from "better-sqlite3";
import { sql } from "drizzle-orm";
import { inferSchema, initParser } from "udsv";
import { atMost, shown, withinTimes, type Bench } from "../bench/bench.ts";
import { withDevice } from "./bench-device.ts";
import { exchangeFigures } from "./exchange-figures.ts";

const rowCount = 500_000;
const rounds = 3;

/**
 * 500,000 rows from bytes to committed rows with indexes and outbox, beside the least anyone must do: `udsv` parses the text and a
 * prepared statement inserts the same columns of the same table, ids of the same length, with the same indexes, in one transaction. Beside
 * it, shown, an insert of the file's six columns alone. Medians of interleaved rounds.
 */
const bench: Bench = async ({ now, note, folder, repository }) => {
  const file = makeLedger(repository, folder);
  const ours: number[] = [];
  const whole: number[] = [];
  const lean: number[] = [];
  let storeBytes = 0;
  for (let round = 0; round < rounds; round++) {
    note(`round ${round + 1} of ${rounds}`);
    const store = path.join(folder, `ours-${round}.db`);
    ours.push(await timed(now, () => importInto(store, file)));
    storeBytes = statSync(store).size;
    whole.push(await timed(now, () => plainInsert(path.join(folder, `whole-${round}.db`), file, "all")));
    lean.push(await timed(now, () => plainInsert(path.join(folder, `lean-${round}.db`), file, "file")));
  }
  const alone = await withDevice({ repository, note }, (device) => device("import", path.join(folder, "alone.db"), file));
  return [
    withinTimes("import 500,000 rows, same columns", median(ours), "s", median(whole), 2.5),
    shown("insert of the file's six columns alone, two indexes", median(lean), "s"),
    shown("rows per second", Math.round(rowCount / median(ours)), "rows/s"),
    shown("database with outbox", Math.round(storeBytes / 1e6), "MB"),
    atMost("peak memory of an import, in a process of its own", alone.peakMegabytes, "MB", 300),
    ...(await exchangeFigures(now, note)),
    ...(await xlsxFigures({ now, note, folder })),
  ];
};

export default bench;

async function timed(now: () => number, work: () => Promise<void> | void): Promise<number> {
  const from = now();
  await work();
  return (now() - from) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(3));
}

/** Writes the file that is imported: 500,000 rows, 51 MB. Throws when the generator is absent. */
export function makeLedger(repository: string, folder: string): string {
  const generator = path.join(repository, "..", "shared", "tools", "gen-ledger.mjs");
  if (!existsSync(generator)) throw new Error("the ledger generator ../shared/tools/gen-ledger.mjs is absent");
  const file = path.join(folder, "ledger.csv");
  execFileSync(process.execPath, [generator, String(rowCount), file], { stdio: "ignore" });
  return file;
}

/** Imports the file into a store, made if it is not there. Throws when a row is missing. */
export async function importInto(store: string, file: string): Promise<void> {
  const database = await openStore(openBetterSqlite3({ path: store }));
  const books = await openBooks(database, systemEnvironment(), { currency: "USD", locale: "en" });
  const summary = await importFile(books, { name: "ledger.csv", bytes: fileOnDisk(file) });
  const [row] = await database.query(sql`select count(*) as "n" from "transaction"`);
  if (summary.rowsAdded !== rowCount || row?.["n"] !== rowCount) throw new Error(`${summary.rowsAdded} rows of ${rowCount}`);
  await database.close();
}

/** The least anyone must do: parses the file and inserts its rows into a new database, all columns of a transaction or only the file's. */
export function plainInsert(store: string, file: string, columns: "all" | "file"): void {
  const database = new Database(store);
  database.pragma("journal_mode = wal");
  database.pragma("synchronous = normal");
  const text = readFileSync(file, "utf8");
  const schema = inferSchema(text);
  const parsed: readonly (readonly string[])[] = initParser(schema).stringArrs(text);
  if (columns === "all") {
    for (const migration of sqliteMigrations) for (const statement of migration.statements) database.exec(statement);
    const ids = systemIds();
    const [workspaceId, importId, accountId, categoryId] = [ids.next(), ids.next(), ids.next(), ids.next()];
    const insert = database.prepare(`insert into "transaction" values (${Array.from({ length: 26 }, () => "?").join(",")})`);
    database.transaction(() => {
      let line = 1;
      for (const [date, description, amount, , counterparty] of parsed) {
        insert.run(ids.next(), workspaceId, accountId, importId, ++line, date, Math.round(Number(amount) * 100), "USD", description, counterparty, null, categoryId, "file", null, 0, null, `${description} ${counterparty}`.toLowerCase(), "2026-11-23T00:00:00.000Z", null, null, null, "ordinary", "file", null, null, 0);
      }
    })();
  } else {
    database.exec("create table t (id integer primary key, d text, x text, a integer, c text, p text, n text)");
    database.exec("create index t_d on t (d, id); create index t_c on t (c)");
    const insert = database.prepare("insert into t (d, x, a, c, p, n) values (?, ?, ?, ?, ?, ?)");
    database.transaction(() => {
      for (const [date, description, amount, category, counterparty, account] of parsed) {
        insert.run(date, description, Math.round(Number(amount) * 100), category, counterparty, account);
      }
    })();
  }
  database.close();
}
