import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemIds } from "@saldo/schema";
import pg from "pg";
import { pino } from "pino";
import { createTestDatabase } from "../../../deploy/testing/postgres.ts";
import type { RelayConfig } from "../config.ts";
import { openShapes } from "../gatekeeper/open-shapes.ts";
import { startRelay, type Relay } from "../relay.ts";

/** A clock a test can move. */
export interface TestClock {
  offsetMs: number;
}

/** A relay on a database of its own, over real sockets. */
export interface TestRelay extends Relay {
  readonly config: RelayConfig;
  readonly clock: TestClock;
  readonly tokenPrivateKey: KeyObject;
  /** Everything it logged. */
  readonly logged: readonly string[];
  /** Asks the database behind it. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Stops it and drops its database and folder. */
  dispose(): Promise<void>;
}

/** Starts a relay for a test file. Call `dispose()` in `afterAll`. */
export async function startTestRelay(overrides: Partial<RelayConfig> = {}): Promise<TestRelay> {
  const database = await createTestDatabase();
  const storageDir = await mkdtemp(join(tmpdir(), "saldo-relay-test-"));
  const { privateKey } = generateKeyPairSync("ed25519");
  const config: RelayConfig = {
    databaseUrl: database.url,
    host: "127.0.0.1",
    port: 0,
    publicUrl: "http://localhost:4040",
    trustedOrigins: [],
    trustedProxyHops: 1,
    authSecret: "a secret of more than thirty-two characters",
    tokenPrivateKey: privateKey,
    storageDir,
    replicationSlot: `slot_${database.name}`,
    webDir: null,
    logLevel: "info",
    ...overrides,
  };
  const logged: string[] = [];
  const log = pino({ level: config.logLevel }, { write: (line: string) => void logged.push(line) });
  const clock: TestClock = { offsetMs: 0 };
  const ids = systemIds();
  const relay = await startRelay(config, { log, nowMs: () => Date.now() + clock.offsetMs, nextId: () => ids.next(), random: Math.random, openShapes });
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on("error", () => undefined);
  return {
    ...relay,
    config,
    clock,
    tokenPrivateKey: privateKey,
    logged,
    sql: async (text, values = []) => (await pool.query<Record<string, unknown>>(text, [...values])).rows,
    async dispose() {
      await relay.close();
      await pool.end();
      await database.drop();
      await rm(storageDir, { recursive: true, force: true });
    },
  };
}
