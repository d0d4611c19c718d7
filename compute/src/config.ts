import { SaldoError } from "@saldo/schema";
import { z } from "zod";

const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  REDIS_URL: z.preprocess((value) => (value === "" ? undefined : value), z.url({ protocol: /^rediss?$/ }).optional()),
  SALDO_WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
  SALDO_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

/** Settings of the worker process, parsed once and frozen. */
export interface WorkerConfig {
  readonly databaseUrl: string;
  /** Null keeps the queue in Postgres. */
  readonly redisUrl: string | null;
  /** Jobs this process works on at the same time. */
  readonly concurrency: number;
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
}

/** Reads the settings from environment variables. Throws `SaldoError` `job.invalid_config` naming the variables at fault, never their values. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
    throw new SaldoError("job.invalid_config", { settings: names.join(", ") });
  }
  const env = parsed.data;
  return Object.freeze({
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL ?? null,
    concurrency: env.SALDO_WORKER_CONCURRENCY,
    logLevel: env.SALDO_LOG_LEVEL,
  });
}

/** The settings as they may be printed: passwords masked. */
export function maskedConfig(config: WorkerConfig): Readonly<Record<string, string | number | null>> {
  return { ...config, databaseUrl: masked(config.databaseUrl), redisUrl: config.redisUrl === null ? null : masked(config.redisUrl) };
}

function masked(address: string): string {
  const url = new URL(address);
  if (url.password !== "") url.password = "***";
  url.search = "";
  return url.href;
}
