import type { LocalDatabase, SqlReader } from "./local-database.ts";

/**
 * Runs a query now and again after each commit that touches its tables, and hands every value on. Commits during a run are gathered
 * into one more run; there are never two runs at once, so values arrive in the order of what they saw. All reads of one run see the same
 * state; `prepare` runs before each of them, outside of it. An error goes to `onError` and the query stays alive. Returns the function that stops it; nothing is handed on after that.
 */
export function live<Value>(
  database: LocalDatabase,
  tables: readonly string[],
  query: (reader: SqlReader) => Promise<Value>,
  onValue: (value: Value) => void,
  onError: (error: unknown) => void,
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): () => void {
  let stopped = false;
  let running = false;
  let stale = true;

  const run = async () => {
    if (running) return;
    running = true;
    while (stale && !stopped) {
      stale = false;
      try {
        await prepare();
        const value = await database.snapshot(query);
        if (!stopped) onValue(value);
      } catch (error) {
        if (!stopped) onError(error);
      }
    }
    running = false;
  };

  const unsubscribe = database.onCommit((changed) => {
    if (stopped || !tables.some((table) => changed.has(table))) return;
    stale = true;
    void run();
  });
  void run();
  return () => {
    stopped = true;
    unsubscribe();
  };
}
