import { readFileSync } from "node:fs";
import { sqliteMigrations, systemIds } from "@saldo/schema";
import Database from "better-sqlite3";
import { inferSchema, initParser } from "udsv";

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
