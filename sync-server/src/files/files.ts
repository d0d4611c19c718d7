import { join } from "node:path";
import type pg from "pg";
import type { Logger } from "pino";
import type { RelayConfig } from "../config.ts";
import { describeFault } from "../http/errors.ts";
import type { Route } from "../http/route.ts";
import { fileRoutes } from "./routes.ts";
import { diskStorage } from "./storage/disk.ts";
import type { FileStorage } from "./storage/file-storage.ts";
import { createUploads } from "./uploads.ts";

/** Files as part of a relay. */
export interface Files {
  readonly routes: readonly Route[];
  /** Ends the removal of abandoned uploads and waits for the turn under way. */
  close(): Promise<void>;
}

/** What files take from their surroundings. */
export interface FilesParts {
  readonly config: Pick<RelayConfig, "storageDir" | "s3" | "workspaceFileBytesMax">;
  readonly pool: pg.Pool;
  readonly log: Logger;
  readonly nowMs: () => number;
  readonly nextId: () => string;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

/** How often abandoned uploads are looked for. */
const sweepIntervalMs = 3_600_000;

/** Opens the storage and begins to remove abandoned uploads, now and every hour. */
export async function openFiles({ config, pool, log, nowMs, nextId, random }: FilesParts): Promise<Files> {
  const storage = await openStorage(config, nextId);
  const uploads = createUploads({ pool, storage, workspaceBytesMax: config.workspaceFileBytesMax, random });
  let turn: Promise<void> = Promise.resolve();
  const sweep = () => {
    turn = uploads.removeAbandoned(nowMs()).catch((error: unknown) => log.warn({ fault: describeFault(error) }, "abandoned uploads could not be removed"));
  };
  const timer = setInterval(sweep, sweepIntervalMs);
  timer.unref();
  sweep();
  return {
    routes: fileRoutes({ pool, storage, uploads }),
    async close() {
      clearInterval(timer);
      await turn;
      await storage.close();
    },
  };
}

/** The vendor's program is read only where a bucket is named. */
async function openStorage(config: FilesParts["config"], nextId: () => string): Promise<FileStorage> {
  if (config.s3 === null) return diskStorage(join(config.storageDir, "originals"), nextId);
  const { s3Storage } = await import("./storage/s3.ts");
  return s3Storage(config.s3);
}
