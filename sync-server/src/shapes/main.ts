import { pino } from "pino";
import { readShapeServerConfig, type ShapeServerConfig } from "./config.ts";
import { createShapeApp } from "./http/app.ts";
import { listen } from "./http/listen.ts";
import { startShapeService } from "./service.ts";

const log = pino();
const config = configuration();
const service = await startShapeService({
  databaseUrl: config.DATABASE_URL,
  storageDir: config.ELECTRIC_STORAGE_DIR,
  slotName: `shapes_slot_${config.ELECTRIC_REPLICATION_STREAM_ID}`,
  publicationName: `shapes_publication_${config.ELECTRIC_REPLICATION_STREAM_ID}`,
  log,
  chunkBytesMin: config.ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD,
  longPollMs: config.ELECTRIC_LONG_POLL_TIMEOUT,
  cacheMaxAgeSeconds: config.ELECTRIC_CACHE_MAX_AGE,
  cacheStaleAgeSeconds: config.ELECTRIC_CACHE_STALE_AGE,
});
const app = createShapeApp(service, { log, secret: config.ELECTRIC_SECRET, allowDelete: config.ELECTRIC_ENABLE_INTEGRATION_TESTING });
const server = await listen(app, { port: config.ELECTRIC_PORT, hostname: config.ELECTRIC_HOST, waitMsMax: config.ELECTRIC_LONG_POLL_TIMEOUT });
log.info({ port: server.port, storageDir: config.ELECTRIC_STORAGE_DIR, secret: config.ELECTRIC_SECRET === undefined ? "none" : "set" }, "shape service listening");

/** A wrong configuration is told in words and ends the process with 2. */
function configuration(): ShapeServerConfig {
  try {
    return readShapeServerConfig(process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** Answers what waits, makes everything durable, and ends. */
async function stop(): Promise<void> {
  const closed = server.close();
  await service.close();
  server.cut();
  await closed;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
