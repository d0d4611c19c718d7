import { systemIds, type MutationName } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { recordMutation } from "../../mutations/record.ts";
import type { LocalDatabase } from "../../store/local-database.ts";
import { createSyncClient, type SyncClient } from "../client.ts";
import { systemClock, type SyncPorts } from "../ports.ts";
import type { SyncStatus } from "../status.ts";
import { sessionTokens } from "../tokens.ts";
import { ensureWorkspace, storeWorkspace } from "../workspace.ts";

/** One device of a test: a store, its sync client, and how a person uses it. */
export interface Device {
  readonly database: LocalDatabase;
  readonly client: SyncClient;
  record(name: MutationName, args: unknown): Promise<void>;
  /** Resolves with the first status, now or later, that fits. */
  until(fits: (status: SyncStatus) => boolean): Promise<SyncStatus>;
  /** Resolves when a query gives a row, now or after a commit. */
  untilRow(statement: ReturnType<typeof sql>): Promise<Readonly<Record<string, unknown>>>;
  /** Events logged at "warn" or above. */
  readonly warnings: readonly string[];
}

const createdAt = "2026-01-01T00:00:00.000Z";

/** Puts a device together over an open store. */
export async function testDevice(database: LocalDatabase, serverUrl: string, fetchClient: typeof fetch, options: Partial<SyncPorts> & { readonly bearer?: string } = {}): Promise<Device> {
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
    tokenSource: sessionTokens(serverUrl, fetchClient, { kind: "bearer", token: options.bearer ?? "session" }),
  });
  await ensureWorkspace(database, ids, { name: "Local", currency: "EUR", locale: "en", createdAt });
  return {
    database,
    client,
    warnings,
    async record(name, args) {
      const workspace = await storeWorkspace(database);
      if (!workspace) throw new Error("the store has no workspace");
      await recordMutation(database, name, args, { workspaceId: workspace.workspaceId, userId: workspace.userId, recordedAt: new Date().toISOString() });
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
  };
}

/** The rows of a table without what differs between devices by nature, in order of their ids. */
export async function rowsOf(database: LocalDatabase, table: string): Promise<unknown[]> {
  return database.query(sql`select * from ${sql.identifier(table)} order by "id"`);
}
