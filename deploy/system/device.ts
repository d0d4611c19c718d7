import { recordMutation } from "@saldo/client-core/mutations";
import { openStore, type LocalDatabase } from "@saldo/client-core/store";
import { createSyncClient, ensureWorkspace, sessionTokens, storeWorkspace, systemClock, type Clock, type SyncClient, type SyncStatus } from "@saldo/client-core/sync";
import { systemIds, type MutationName } from "@saldo/schema";
import { sql, type SQL } from "drizzle-orm";

/** An instant for mutations' arguments; its value means nothing. */
export const someInstant = "2026-01-02T03:04:05.678Z";

/** One device: a store, its sync client, and how a person uses it. */
export interface Device {
  readonly database: LocalDatabase;
  readonly client: SyncClient;
  record(name: MutationName, args: unknown): Promise<void>;
  /** Resolves with the first status, now or later, that fits. */
  until(fits: (status: SyncStatus) => boolean): Promise<SyncStatus>;
  /** Resolves when a query gives a row, now or after a commit. */
  untilRow(statement: SQL): Promise<Readonly<Record<string, unknown>>>;
  rows(table: string): Promise<unknown[]>;
  close(): Promise<void>;
}

/** What of a device a test sets itself. */
export interface DeviceParts {
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

/** Puts a device together over a database. */
export async function openDevice(opened: LocalDatabase, serverUrl: string, bearer: string, { fetch: fetchClient = fetch, clock = systemClock() }: DeviceParts = {}): Promise<Device> {
  const database = await openStore(opened);
  const ids = systemIds();
  const client = createSyncClient({
    database,
    serverUrl,
    fetch: fetchClient,
    clock,
    random: () => 0.1,
    ids,
    log: () => undefined,
    tokenSource: sessionTokens(serverUrl, fetchClient, { kind: "bearer", token: bearer }),
  });
  await ensureWorkspace(database, ids, { name: "Local", currency: "EUR", locale: "en", createdAt: someInstant });
  return {
    database,
    client,
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
    rows: (table) => database.query(sql`select * from ${sql.identifier(table)} order by "id"`),
    async close() {
      await client.stop();
      await database.close();
    },
  };
}
