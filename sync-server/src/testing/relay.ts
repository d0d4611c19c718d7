import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";
import type { RelayConfig } from "../config.ts";
import { openRelay, type OpenRelay } from "./open-relay.ts";

/** A relay on a database of its own. */
export interface TestRelay extends OpenRelay {
  readonly databaseUrl: string;
  /** Asks the database behind it. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Stops it and drops its database and folder. */
  dispose(): Promise<void>;
}

/** Starts a relay for a test file. Call `dispose()` in `afterAll`. */
export async function startTestRelay(overrides: Partial<RelayConfig> = {}): Promise<TestRelay> {
  return startRelayOn(await createTestDatabase(), overrides);
}

/** Starts a relay on a database that goes with it. */
export async function startRelayOn(database: TestDatabase, overrides: Partial<RelayConfig> = {}): Promise<TestRelay> {
  const storageDir = await mkdtemp(join(tmpdir(), "saldo-relay-test-"));
  const relay = await openRelay({ databaseUrl: database.url, storageDir, replicationSlot: `slot_${database.name}` }, overrides);
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on("error", () => undefined);
  return {
    ...relay,
    databaseUrl: database.url,
    sql: async (text, values = []) => (await pool.query<Record<string, unknown>>(text, [...values])).rows,
    async dispose() {
      await relay.close();
      await pool.end();
      await database.drop();
      await rm(storageDir, { recursive: true, force: true });
    },
  };
}
