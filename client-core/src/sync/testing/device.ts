import { systemIds, type MutationName } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";
import { recordMutation } from "../../mutations/record.ts";
import type { LocalDatabase } from "../../store/local-database.ts";
import { openStore } from "../../store/migrate.ts";
import { createSyncClient, type SyncClient } from "../client.ts";
import { systemClock, type SyncPorts } from "../ports.ts";
import type { SyncStatus } from "../status.ts";
import { sessionTokens } from "../tokens.ts";
import { ensureWorkspace, storeWorkspace } from "../workspace.ts";

/** An instant for mutations' arguments; its value means nothing. */
export const someInstant = "2026-01-02T03:04:05.678Z";

/** One device of a test: a store, its sync client, and how a person uses it. */
export interface Device {
  readonly database: LocalDatabase;
  readonly client: SyncClient;
  record(name: MutationName, args: unknown): Promise<void>;
  /** Resolves with the first status, now or later, that fits. */
  until(fits: (status: SyncStatus) => boolean): Promise<SyncStatus>;
  /** Resolves when a query gives a row, now or after a commit. */
  untilRow(statement: SQL): Promise<Readonly<Record<string, unknown>>>;
  /** All rows of a table, by id. */
  rows(table: string): Promise<unknown[]>;
  /** Events logged at "warn" or above. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** Puts a device together over a database, whose schema it brings up to date. */
export async function testDevice(opened: LocalDatabase, serverUrl: string, options: Partial<SyncPorts> & { readonly bearer?: string } = {}): Promise<Device> {
  const database = await openStore(opened);
  const { bearer = "session", fetch: fetchClient = fetch } = options;
  const ids = systemIds();
  const warnings: string[] = [];
  const client = createSyncClient({
    database,
    serverUrl,
    fetch: fetchClient,
    clock: systemClock(),
    random: () => 0,
    ids,
    log: (level, event, detail) => {
      if (level !== "info") warnings.push(`${event} ${JSON.stringify(detail)}`);
    },
    ...options,
    tokenSource: sessionTokens(serverUrl, fetchClient, { kind: "bearer", token: bearer }),
  });
  await ensureWorkspace(database, ids, { name: "Local", currency: "EUR", locale: "en", createdAt: someInstant });
  return {
    database,
    client,
    warnings,
    async record(name, args) {
      const workspace = await storeWorkspace(database);
      if (!workspace) throw new Error("the store has no workspace");
      await recordMutation(database, name, args, { ...workspace, recordedAt: new Date().toISOString() });
    },
    until: (fits) =>
      new Promise((resolve) => {
        if (fits(client.status())) return resolve(client.status());
        const stop = client.onStatus((status) => {
          if (!fits(status)) return;
          stop();
          resolve(status);
        });
      }),
    untilRow: (statement) =>
      new Promise((resolve, reject) => {
        const look = async () => {
          const [row] = await database.query(statement);
          if (!row) return;
          stop();
          resolve(row);
        };
        const stop = database.onCommit(() => void look().catch(reject));
        void look().catch(reject);
      }),
    rows: (table) => rowsOf(database, table),
    async close() {
      await client.stop();
      await database.close();
    },
  };
}

/** The rows of a table in order of their ids. */
export async function rowsOf(database: LocalDatabase, table: string): Promise<unknown[]> {
  return database.query(sql`select * from ${sql.identifier(table)} order by "id"`);
}
