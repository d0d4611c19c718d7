import { Socket } from "node:net";
import { Client, Pool, type PoolClient } from "pg";
import { z } from "zod";
import { canonicalConnection, pooledConnection } from "./connection-settings.ts";
import type { ResolvedOptions } from "./options.ts";

const looksInSilence = 3;
const backendRows = z.array(z.object({ pid: z.number(), state: z.string().nullable(), waits: z.string().nullable() }));
/** States of a backend that has no query of ours; any other, or one we may not see, may be at work on it. */
const idleStates: readonly (string | null)[] = ["idle", "idle in transaction", "idle in transaction (aborted)"];

/** A connection while somebody has it. */
interface Lent {
  bytesRead: number;
  sinceMs: number;
  /** The server was found to do nothing for it. */
  doubted: boolean;
}

/**
 * Connections for everything but replication. Of one that dies without a word (a firewall forgot it, its packets are lost for good) the
 * driver hears nothing while it waits for an answer, so that whoever has it would wait for ever. Therefore a connection that brought nothing
 * for long is asked after on another one: unless the server is at work for it, seen twice, it is cut.
 */
export class DatabasePool {
  readonly pool: Pool;
  readonly #options: ResolvedOptions;
  readonly #connections = new Set<PoolClient>();
  readonly #lent = new Map<PoolClient, Lent>();
  readonly #watching: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    const direct = options.queryDatabaseUrl === options.databaseUrl;
    const connection = direct ? canonicalConnection : pooledConnection;
    this.pool = new Pool({ ...connection(options.queryDatabaseUrl, `${options.slotName} snapshots`, options.keepAliveDelayMs), max: options.poolConnectionsMax });
    this.pool.on("connect", (client) => {
      this.#connections.add(client);
      // A connection may also be lost between two queries of whoever has it: the next query fails then, and the process lives on.
      client.on("error", () => undefined);
    });
    this.pool.on("remove", (client) => {
      this.#connections.delete(client);
      this.#lent.delete(client);
    });
    this.pool.on("error", (error) => options.log.warn({ reason: error.message }, "an idle database connection was lost"));
    this.pool.on("acquire", (client) => this.#lent.set(client, { bytesRead: bytesOf(client), sinceMs: options.nowMs(), doubted: false }));
    this.pool.on("release", (_error, client) => this.#lent.delete(client));
    // A pooler shares the server's backends out: there is none to ask after.
    if (direct) this.#watching = setInterval(() => void this.#look(), options.silenceMs / looksInSilence);
  }

  /** Cuts every connection: the server does not answer, and queries would wait for ever. */
  abandon(): void {
    for (const client of this.#connections) cut(client);
  }

  /** Resolves when every connection has been given back and is closed. */
  async close(): Promise<void> {
    clearInterval(this.#watching);
    await this.pool.end();
  }

  async #look(): Promise<void> {
    const quiet = this.#quiet();
    if (quiet.length === 0 || this.#looking) return;
    this.#looking = true;
    try {
      const working = await this.#workingBackends();
      for (const [client, lent] of quiet) {
        if (this.#lent.get(client) !== lent || bytesOf(client) !== lent.bytesRead) continue;
        if (working(backendOf(client))) lent.doubted = false;
        else if (!lent.doubted) lent.doubted = true;
        else {
          this.#options.log.warn({}, "a database connection that brought nothing for long is cut: the server does nothing for it");
          cut(client);
        }
      }
    } catch {
      // The server cannot be asked now. When it is gone altogether the replication connection finds that.
    } finally {
      this.#looking = false;
    }
  }

  /** The connections in use that brought nothing for long, although something would be read. */
  #quiet(): [PoolClient, Lent][] {
    const nowMs = this.#options.nowMs();
    return [...this.#lent].filter(([client, lent]) => {
      const bytesRead = bytesOf(client);
      if (bytesRead !== lent.bytesRead || client.connection.stream.isPaused()) Object.assign(lent, { bytesRead, sinceMs: nowMs, doubted: false });
      return nowMs - lent.sinceMs > this.#options.silenceMs;
    });
  }

  /** Asks on a connection of its own, for all others may be the ones that are dead. */
  async #workingBackends(): Promise<(pid: number | undefined) => boolean> {
    const { databaseUrl, slotName, keepAliveDelayMs, silenceMs } = this.#options;
    const client = new Client({ ...canonicalConnection(databaseUrl, `${slotName} watch`, keepAliveDelayMs), connectionTimeoutMillis: silenceMs, query_timeout: silenceMs });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query("SELECT pid, state, wait_event AS waits FROM pg_stat_activity WHERE datname = current_database()");
      const backends = new Map(backendRows.parse(rows).map((row) => [row.pid, row]));
      return (pid) => {
        if (pid === undefined) return true;
        const backend = backends.get(pid);
        return backend !== undefined && !idleStates.includes(backend.state) && backend.waits !== "ClientWrite";
      };
    } finally {
      client.connection.stream.destroy();
    }
  }
}

function cut(client: PoolClient): void {
  client.connection.stream.destroy(new Error("Connection terminated: the server is silent"));
}

function bytesOf(client: PoolClient): number {
  const { stream } = client.connection;
  return stream instanceof Socket ? stream.bytesRead : 0;
}

/** The server process behind a connection, which the driver keeps but does not declare. */
function backendOf(client: PoolClient): number | undefined {
  return "processID" in client && typeof client.processID === "number" ? client.processID : undefined;
}
