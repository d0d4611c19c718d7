import { SaldoError, type ErrorCode } from "@saldo/schema";

/** Primary result codes of SQLite that mean a broken environment (https://www.sqlite.org/rescode.html). */
const codes: Readonly<Record<string, ErrorCode>> = {
  SQLITE_BUSY: "store.in_use",
  SQLITE_LOCKED: "store.in_use",
  SQLITE_CORRUPT: "store.damaged",
  SQLITE_NOTADB: "store.damaged",
  SQLITE_FULL: "store.disk_full",
  SQLITE_CANTOPEN: "store.cannot_open",
  SQLITE_READONLY: "store.cannot_open",
  SQLITE_PERM: "store.cannot_open",
  SQLITE_AUTH: "store.cannot_open",
  SQLITE_IOERR: "store.io_failed",
  SQLITE_PROTOCOL: "store.io_failed",
};

const keyExists = new Set(["SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_ROWID"]);

/** The catalogue error of what SQLite threw, or the same value when it is not about the environment (a bug in a statement). */
export function fromSqliteError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  if (keyExists.has(error.code)) return new SaldoError("store.key_exists");
  const primary = /^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? "";
  const code = codes[primary];
  return code === undefined ? error : new SaldoError(code, { sqlite: error.code }, { cause: error });
}
