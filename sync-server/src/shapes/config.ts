import { z } from "zod";

const milliseconds = z.coerce.number().int().nonnegative();
const flag = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  ELECTRIC_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  ELECTRIC_HOST: z.string().default("127.0.0.1"),
  ELECTRIC_SECRET: z.string().min(1).optional(),
  ELECTRIC_INSECURE: flag.default(false),
  ELECTRIC_STORAGE_DIR: z.string().min(1).default("./persistent/shapes"),
  ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: z.coerce.number().int().positive().default(10 * 1024 * 1024),
  ELECTRIC_LONG_POLL_TIMEOUT: milliseconds.default(20_000),
  ELECTRIC_CACHE_MAX_AGE: z.coerce.number().int().nonnegative().default(60),
  ELECTRIC_CACHE_STALE_AGE: z.coerce.number().int().nonnegative().default(300),
  ELECTRIC_ENABLE_INTEGRATION_TESTING: flag.default(false),
  ELECTRIC_REPLICATION_STREAM_ID: z.string().regex(/^[a-z0-9_]{1,40}$/).default("default"),
});

/** Configuration of the service when it runs alone. */
export type ShapeServerConfig = Readonly<z.output<typeof environment>>;

/** Reads the configuration from environment variables (Electric's own names); throws a readable message naming what is wrong. */
export function readShapeServerConfig(env: Readonly<Record<string, string | undefined>>): ShapeServerConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw new Error(`configuration: ${z.prettifyError(parsed.error)}`);
  const config = Object.freeze(parsed.data);
  if (config.ELECTRIC_SECRET === undefined && !config.ELECTRIC_INSECURE) throw new Error("configuration: set ELECTRIC_SECRET, or ELECTRIC_INSECURE=true to serve without one");
  return config;
}
