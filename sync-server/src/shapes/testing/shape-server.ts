import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { createTestDatabase, type TestDatabase } from "../../../../deploy/testing/postgres.ts";
import { createShapeApp } from "../http/app.ts";
import { listen } from "../http/listen.ts";
import type { ShapeServiceLog, ShapeServiceOptions } from "../options.ts";
import { type ShapeService, startShapeService } from "../service.ts";

/** Collects what the service reports, for assertions and for reading after a failure. */
export interface CollectedLog extends ShapeServiceLog {
  readonly lines: { readonly level: string; readonly message: string; readonly detail: Readonly<Record<string, unknown>> }[];
}

/** A log that keeps its lines. */
export function collectLog(): CollectedLog {
  const lines: CollectedLog["lines"] = [];
  const at = (level: string) => (detail: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, message, detail });
  };
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
}

/** A database, a service on it and the bare HTTP app in front. */
export interface ShapeServer {
  readonly database: TestDatabase;
  readonly client: Client;
  readonly storageDir: string;
  readonly log: CollectedLog;
  readonly service: ShapeService;
  /** Address of `/v1/shape`. */
  readonly url: string;
  /** Stops the service gracefully and starts another one on the same storage. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The options every test service has in common. */
export function testOptions(database: Pick<TestDatabase, "url" | "name">, storageDir: string, log: ShapeServiceLog): ShapeServiceOptions {
  return { databaseUrl: database.url, storageDir, slotName: `slot_${database.name}`, publicationName: "shapes", log };
}

/** Starts all of it on an empty database; `more` gives the options that depend on it. */
export async function startShapeServer(given: Partial<ShapeServiceOptions> = {}, more?: (database: TestDatabase) => Promise<Partial<ShapeServiceOptions>>): Promise<ShapeServer> {
  const database = await createTestDatabase();
  const options = { ...given, ...(await more?.(database)) };
  const storageDir = mkdtempSync(join(tmpdir(), "shapes-"));
  const log = collectLog();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  client.on("error", () => undefined);
  const launch = async () => {
    const service = await startShapeService({ ...testOptions(database, storageDir, log), ...options });
    await service.ready;
    const app = createShapeApp(service, { log, secret: undefined, allowDelete: true });
    const { server, port } = await listen(app, { port: 0, hostname: "127.0.0.1", waitMsMax: options.longPollMs ?? 20_000 });
    const close = async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await service.close();
      server.closeAllConnections();
      await closed;
    };
    return { service, url: `http://127.0.0.1:${port}/v1/shape`, close };
  };
  let running = await launch();
  return {
    database,
    client,
    storageDir,
    log,
    get service() {
      return running.service;
    },
    get url() {
      return running.url;
    },
    async restart() {
      await running.close();
      running = await launch();
    },
    async stop() {
      await running.close();
      await client.end();
      await database.drop();
      rmSync(storageDir, { recursive: true, force: true });
    },
  };
}
