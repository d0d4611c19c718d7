import Database from "better-sqlite3";
import type { SqlRow } from "../local-database.ts";
import { nothingSalvaged, salvage, type Salvage } from "./salvage.ts";

/** Reads what can be read of a damaged file; never throws. */
export async function salvageSqlite(path: string): Promise<Salvage> {
  let connection: Database.Database;
  try {
    connection = new Database(path);
  } catch {
    return nothingSalvaged;
  }
  try {
    return await salvage((text) => Promise.resolve(rowsFrom(connection, text)));
  } finally {
    connection.close();
  }
}

function rowsFrom(connection: Database.Database, text: string): { readonly rows: readonly SqlRow[]; readonly isWhole: boolean } {
  const rows: SqlRow[] = [];
  try {
    for (const row of connection.prepare<unknown[], SqlRow>(text).iterate()) rows.push(row);
    return { rows, isWhole: true };
  } catch {
    return { rows, isWhole: false };
  }
}
