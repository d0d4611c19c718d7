import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { type RunningPostgres, startPostgres } from "../postgres/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the door that starts the run's shared Postgres on first knock and answers its admin URL. */
    postgresDoor: string;
    /** Where the run keeps the files of an empty PGlite once they are made. */
    emptyPgliteFile: string;
  }
}

/** Settings of a server whose data nobody will miss: no flushing, room for many databases and slots at once. */
const testSettings = {
  fsync: "off",
  full_page_writes: "off",
  max_connections: "300",
  max_replication_slots: "60",
  max_wal_senders: "60",
  max_slot_wal_keep_size: "1GB",
  shared_buffers: "256MB",
};

/**
 * Opens the door to one Postgres for the whole test run. The server starts when the first test asks (a run of pure tests never pays for
 * it), lives in a temporary folder, and goes with it at the end, also when the run is killed.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "saldo-test-postgres-"));
  const pgliteDir = mkdtempSync(path.join(tmpdir(), "saldo-test-pglite-"));
  let starting: Promise<RunningPostgres> | undefined;
  const door = createServer((_request, response) => {
    starting ??= startPostgres({ dataDir, settings: testSettings });
    starting.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const address = door.address();
  if (address === null || typeof address === "string") throw new Error("The test door has no port.");
  project.provide("postgresDoor", `http://127.0.0.1:${address.port}/`);
  project.provide("emptyPgliteFile", path.join(pgliteDir, "empty.tar"));
  return async () => {
    door.closeAllConnections();
    door.close();
    await starting?.then(
      (postgres) => postgres.stop(),
      () => undefined,
    );
    for (const folder of [dataDir, pgliteDir]) rmSync(folder, { recursive: true, force: true });
  };
}
