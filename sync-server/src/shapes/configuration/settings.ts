import { z } from "zod";
import { databaseUrlFault } from "./database-url.ts";
import { parseBytes, parseDurationMs } from "./units.ts";

const count = z.coerce.number().int().nonnegative();
const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(["true", "false", "1", "0", "yes", "no"]).transform((text) => text === "true" || text === "1" || text === "yes");
const name = z.string().regex(/^[a-z0-9_]{1,40}$/, "must be of a-z, 0-9 and _");
const identifier = z.string().regex(/^[a-z0-9_]{1,63}$/, "must be of a-z, 0-9 and _");

const databaseUrl = z.string({ error: "is required" }).superRefine((text, context) => {
  const fault = databaseUrlFault(text);
  if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});

function measured(parse: (text: string) => number | undefined, example: string) {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: `must be a number with a unit, such as ${example}` });
    return z.NEVER;
  });
}

const durationMs = measured(parseDurationMs, "20s, 1m or 500ms");
const bytes = measured(parseBytes, "500MB, 20GiB or 10485760");

const concurrency = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: 'must be JSON such as {"initial": 300, "existing": 10000}' });
      return z.NEVER;
    }
  })
  .pipe(z.object({ initial: z.number().int().positive().default(300), existing: z.number().int().positive().default(10_000) }));

/** Every setting of the service when it runs alone, under its environment name (Electric's own where there is one). */
export const settingsShape = z.object({
  DATABASE_URL: databaseUrl,
  ELECTRIC_POOLED_DATABASE_URL: databaseUrl.optional(),
  ELECTRIC_DATABASE_CA_CERTIFICATE_FILE: z.string().optional(),
  ELECTRIC_DATABASE_USE_IPV6: flag.default(false),
  ELECTRIC_DATABASE_TCP_KEEPALIVE_IDLE: durationMs.default(10_000),
  ELECTRIC_DB_POOL_SIZE: count.min(1).default(20),
  ELECTRIC_REPLICATION_STREAM_ID: name.default("default"),
  SHAPES_PUBLICATION: identifier.optional(),
  SHAPES_SLOT: identifier.optional(),
  CLEANUP_REPLICATION_SLOTS_ON_SHUTDOWN: flag.default(false),
  ELECTRIC_TEMPORARY_REPLICATION_SLOT_USE_RANDOM_NAME: flag.default(false),
  ELECTRIC_REPLICATION_IDLE_TIMEOUT: durationMs.default(0),
  ELECTRIC_MANUAL_TABLE_PUBLISHING: flag.default(false),
  ELECTRIC_TWEAKS_SCHEMA_RECONCILER_PERIOD: durationMs.default(60_000),
  ELECTRIC_PORT: port.default(3000),
  ELECTRIC_HOST: z.string().optional(),
  ELECTRIC_LISTEN_ON_IPV6: flag.default(false),
  ELECTRIC_SECRET: z.string().optional(),
  ELECTRIC_INSECURE: flag.default(false),
  ELECTRIC_ENABLE_INTEGRATION_TESTING: flag.default(false),
  ELECTRIC_TCP_READ_TIMEOUT: durationMs.default(60_000),
  ELECTRIC_LONG_POLL_TIMEOUT: durationMs.default(20_000),
  ELECTRIC_SSE_TIMEOUT: durationMs.default(60_000),
  ELECTRIC_CACHE_MAX_AGE: count.default(60),
  ELECTRIC_CACHE_STALE_AGE: count.default(300),
  ELECTRIC_MAX_CONCURRENT_REQUESTS: concurrency.default({ initial: 300, existing: 10_000 }),
  ELECTRIC_STORAGE_DIR: z.string().default("./persistent"),
  ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: bytes.pipe(z.number().positive()).default(10 * 1024 * 1024),
  ELECTRIC_MAX_SHAPES: count.min(1).default(20_000),
  SHAPES_STORAGE_BYTES_MAX: bytes.optional(),
  SHAPES_UNUSED_MAX: durationMs.optional(),
  SHAPES_COMPACTION: flag.default(false),
  ELECTRIC_CLEANUP_INTERVAL_MS: durationMs.pipe(z.number().positive()).default(10_000),
  ELECTRIC_PROMETHEUS_PORT: port.optional(),
  ELECTRIC_LOG_LEVEL: z.enum(["emergency", "alert", "critical", "error", "warning", "warn", "notice", "info", "debug"]).default("info"),
  ELECTRIC_INSTANCE_ID: z.string().optional(),
  ELECTRIC_SERVICE_NAME: z.string().default("shapes"),
});

/** Name of a setting. */
export type SettingName = keyof z.output<typeof settingsShape>;

/** How a setting is given on the command line and what `--help` says of it. */
export interface Flag {
  readonly flag: string;
  /** What stands for the value; `undefined` for a switch. */
  readonly value: string | undefined;
  readonly help: string;
}

/** The command line, in the order of `--help`. */
export const flags: Record<SettingName, Flag> = {
  DATABASE_URL: { flag: "database-url", value: "URL", help: "PostgreSQL with wal_level=logical; a role that may replicate (required)" },
  ELECTRIC_POOLED_DATABASE_URL: { flag: "pooled-database-url", value: "URL", help: "the same server for everything but replication, e.g. through PgBouncer (default: the same)" },
  ELECTRIC_DATABASE_CA_CERTIFICATE_FILE: { flag: "database-ca-certificate-file", value: "FILE", help: "trusted certificates; with it the server's identity is always checked" },
  ELECTRIC_DATABASE_USE_IPV6: { flag: "database-use-ipv6", value: undefined, help: "prefer IPv6 addresses of the database's host name" },
  ELECTRIC_DATABASE_TCP_KEEPALIVE_IDLE: { flag: "database-tcp-keepalive-idle", value: "TIME", help: "idle time before the first TCP keepalive probe (10s)" },
  ELECTRIC_DB_POOL_SIZE: { flag: "db-pool-size", value: "N", help: "connections for everything but replication (20)" },
  ELECTRIC_REPLICATION_STREAM_ID: { flag: "replication-stream-id", value: "NAME", help: "ending of the names of slot and publication (default)" },
  SHAPES_PUBLICATION: { flag: "publication", value: "NAME", help: "the publication by its whole name (shapes_publication_<id>)" },
  SHAPES_SLOT: { flag: "slot", value: "NAME", help: "the replication slot by its whole name (shapes_slot_<id>)" },
  CLEANUP_REPLICATION_SLOTS_ON_SHUTDOWN: { flag: "temporary-slot", value: undefined, help: "a slot that ends with the connection; every start begins anew" },
  ELECTRIC_TEMPORARY_REPLICATION_SLOT_USE_RANDOM_NAME: { flag: "temporary-slot-random-name", value: undefined, help: "gives the temporary slot a name of its own" },
  ELECTRIC_REPLICATION_IDLE_TIMEOUT: { flag: "replication-idle-timeout", value: "TIME", help: "leave the database alone after this time without a change, until the next request (0: never)" },
  ELECTRIC_MANUAL_TABLE_PUBLISHING: { flag: "manual-table-publishing", value: undefined, help: "never alter publication or tables" },
  ELECTRIC_TWEAKS_SCHEMA_RECONCILER_PERIOD: { flag: "schema-reconciler-period", value: "TIME", help: "how often tables are compared with the catalogue (60s)" },
  ELECTRIC_PORT: { flag: "port", value: "PORT", help: "port of the HTTP API (3000)" },
  ELECTRIC_HOST: { flag: "host", value: "ADDRESS", help: "address to listen on (all of IPv4; with --insecure only 127.0.0.1)" },
  ELECTRIC_LISTEN_ON_IPV6: { flag: "listen-on-ipv6", value: undefined, help: "listen on IPv6 addresses as well" },
  ELECTRIC_SECRET: { flag: "secret", value: "TEXT", help: "what every request must carry as ?secret=" },
  ELECTRIC_INSECURE: { flag: "insecure", value: undefined, help: "serve without a secret: everything in the database is readable" },
  ELECTRIC_ENABLE_INTEGRATION_TESTING: { flag: "enable-integration-testing", value: undefined, help: "allow DELETE /v1/shape" },
  ELECTRIC_TCP_READ_TIMEOUT: { flag: "tcp-read-timeout", value: "TIME", help: "how long an idle connection of a client is kept (60s)" },
  ELECTRIC_LONG_POLL_TIMEOUT: { flag: "long-poll-timeout", value: "TIME", help: "how long a live request is held (20s)" },
  ELECTRIC_SSE_TIMEOUT: { flag: "sse-timeout", value: "TIME", help: "how long an event stream lasts (60s)" },
  ELECTRIC_CACHE_MAX_AGE: { flag: "cache-max-age", value: "SECONDS", help: "max-age of answers that are neither initial nor live (60)" },
  ELECTRIC_CACHE_STALE_AGE: { flag: "cache-stale-age", value: "SECONDS", help: "their stale-while-revalidate (300)" },
  ELECTRIC_MAX_CONCURRENT_REQUESTS: { flag: "max-concurrent-requests", value: "JSON", help: '{"initial": 300, "existing": 10000}; more are answered 503' },
  ELECTRIC_STORAGE_DIR: { flag: "storage-dir", value: "FOLDER", help: "where shapes are kept; must survive restarts (./persistent)" },
  ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: { flag: "shape-chunk-bytes-threshold", value: "SIZE", help: "a response ends with the message that reaches it (10MiB)" },
  ELECTRIC_MAX_SHAPES: { flag: "max-shapes", value: "N", help: "beyond it the least recently asked shape is dropped (20000)" },
  SHAPES_STORAGE_BYTES_MAX: { flag: "storage-bytes-max", value: "SIZE", help: "beyond it the least recently asked shapes are dropped (unlimited)" },
  SHAPES_UNUSED_MAX: { flag: "unused-max", value: "TIME", help: "a shape nobody asked for that long is dropped, e.g. 30d (unlimited)" },
  SHAPES_COMPACTION: { flag: "compaction", value: undefined, help: "rewrite old parts of logs so that each row appears once" },
  ELECTRIC_CLEANUP_INTERVAL_MS: { flag: "cleanup-interval", value: "TIME", help: "how often sizes and ages are looked at (10s)" },
  ELECTRIC_PROMETHEUS_PORT: { flag: "prometheus-port", value: "PORT", help: "serve /metrics on a port of its own, without a secret" },
  ELECTRIC_LOG_LEVEL: { flag: "log-level", value: "LEVEL", help: "error, warning, info or debug (info)" },
  ELECTRIC_INSTANCE_ID: { flag: "instance-id", value: "TEXT", help: "names this process in its log" },
  ELECTRIC_SERVICE_NAME: { flag: "service-name", value: "TEXT", help: "names the service in its log (shapes)" },
};

/** Electric's older names, and the settings they stand for. */
export const olderNames: ReadonlyMap<string, SettingName> = new Map([
  ["ELECTRIC_QUERY_DATABASE_URL", "ELECTRIC_POOLED_DATABASE_URL"],
  ["ELECTRIC_EXPERIMENTAL_MAX_SHAPES", "ELECTRIC_MAX_SHAPES"],
]);

/** Settings of Electric that ask for what is done here anyway. */
export const alreadySo: ReadonlyMap<string, RegExp> = new Map([
  ["ELECTRIC_STORAGE", /^fast_file$/i],
  ["ELECTRIC_PERSISTENT_STATE", /^file$/i],
  ["ELECTRIC_LOG_COLORS", /^(false|0|no)$/i],
  ["ELECTRIC_FEATURE_FLAGS", /^$/],
]);
