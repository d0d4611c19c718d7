import { join } from "node:path";
import type { ShapeServerConfig } from "../config.ts";
import type { ShapeServiceOptions } from "../options.ts";
import { driverUrl } from "./database-url.ts";

/** Connections that snapshots leave to everything else, when the pool has that many. */
const besideSnapshots = 2;
const snapshotsMax = 4;

/** What the settings mean to the service. The folder holds one of its own, so that files of another program there are left alone. */
export function serviceOptions(config: ShapeServerConfig, uniqueText: () => string): Omit<ShapeServiceOptions, "log"> {
  const certificates = config.ELECTRIC_DATABASE_CA_CERTIFICATE_FILE;
  const databaseUrl = driverUrl(config.DATABASE_URL, certificates);
  const pooled = config.ELECTRIC_POOLED_DATABASE_URL;
  const slotName = config.SHAPES_SLOT ?? `shapes_slot_${config.ELECTRIC_REPLICATION_STREAM_ID}`;
  const temporarySlot = config.CLEANUP_REPLICATION_SLOTS_ON_SHUTDOWN;
  const ending = temporarySlot && config.ELECTRIC_TEMPORARY_REPLICATION_SLOT_USE_RANDOM_NAME ? `_${uniqueText().slice(0, 8)}` : "";
  return {
    databaseUrl,
    queryDatabaseUrl: pooled === undefined ? databaseUrl : driverUrl(pooled, certificates),
    storageDir: join(config.ELECTRIC_STORAGE_DIR, "shape-service"),
    slotName: `${slotName}${ending}`,
    publicationName: config.SHAPES_PUBLICATION ?? `shapes_publication_${config.ELECTRIC_REPLICATION_STREAM_ID}`,
    chunkBytesMin: config.ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD,
    longPollMs: config.ELECTRIC_LONG_POLL_TIMEOUT,
    sseMs: config.ELECTRIC_SSE_TIMEOUT,
    cacheMaxAgeSeconds: config.ELECTRIC_CACHE_MAX_AGE,
    cacheStaleAgeSeconds: config.ELECTRIC_CACHE_STALE_AGE,
    shapesMax: config.ELECTRIC_MAX_SHAPES,
    storageBytesMax: config.SHAPES_STORAGE_BYTES_MAX ?? Infinity,
    unusedMsMax: config.SHAPES_UNUSED_MAX ?? Infinity,
    maintenanceMs: config.ELECTRIC_CLEANUP_INTERVAL_MS,
    compaction: config.SHAPES_COMPACTION,
    admission: { initialMax: config.ELECTRIC_MAX_CONCURRENT_REQUESTS.initial, existingMax: config.ELECTRIC_MAX_CONCURRENT_REQUESTS.existing },
    poolConnectionsMax: config.ELECTRIC_DB_POOL_SIZE,
    snapshotsMax: Math.max(1, Math.min(snapshotsMax, config.ELECTRIC_DB_POOL_SIZE - besideSnapshots)),
    manualTablePublishing: config.ELECTRIC_MANUAL_TABLE_PUBLISHING,
    // A publication that someone named may be there for others too.
    unpublishUnusedTables: config.SHAPES_PUBLICATION === undefined,
    temporarySlot,
    replicationIdleMs: config.ELECTRIC_REPLICATION_IDLE_TIMEOUT,
    reconcileMs: config.ELECTRIC_TWEAKS_SCHEMA_RECONCILER_PERIOD,
    keepAliveDelayMs: config.ELECTRIC_DATABASE_TCP_KEEPALIVE_IDLE,
  };
}
