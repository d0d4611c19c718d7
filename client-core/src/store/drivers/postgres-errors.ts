import { SaldoError, type ErrorCode } from "@saldo/schema";

/** SQLSTATE codes and classes that mean a broken environment (PostgreSQL manual, appendix A). */
const byState: Readonly<Record<string, ErrorCode>> = {
  "53100": "store.disk_full",
  "53": "store.io_failed",
  "08": "store.io_failed",
  "57": "store.io_failed",
  "58": "store.io_failed",
  XX001: "store.damaged",
  XX002: "store.damaged",
};

/** Network failures as Node names them. */
const networkCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EHOSTUNREACH"]);
const uniqueViolation = "23505";

/** The catalogue error of what Postgres or the way to it threw, or the same value when it is a bug in a statement. */
export function fromPostgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SaldoError) return error;
  const state = "code" in error && typeof error.code === "string" ? error.code : "";
  // The database's own detail names the value, so it goes no further.
  if (state === uniqueViolation) return new SaldoError("store.key_exists");
  // What a browser throws when its share of the disk is full.
  if (error.name === "QuotaExceededError") return new SaldoError("store.disk_full", {}, { cause: error });
  const code = byState[state] ?? byState[state.slice(0, 2)] ?? (networkCodes.has(state) ? "store.io_failed" : undefined);
  return code === undefined ? error : new SaldoError(code, { sqlstate: state }, { cause: error });
}
