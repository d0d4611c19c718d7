import { SaldoError } from "@saldo/schema";
import { z } from "zod";
import type { AiSettings } from "./ai/open-desk.ts";
import { aiEnvironment, aiSettingsOf, maskedAiSettings } from "./ai/settings.ts";

const whole = z.coerce.number().int();
const unlessEmpty = <Type extends z.ZodType>(type: Type) => z.preprocess((value) => (value === "" ? undefined : value), type);

const environment = z
  .object({
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    REDIS_URL: unlessEmpty(z.url({ protocol: /^rediss?$/ }).optional()),
    SALDO_WORKERS_MIN: whole.min(1).max(64).default(3),
    SALDO_WORKERS_MAX: whole.min(1).max(64).default(5),
    SALDO_WORKER_CONCURRENCY: whole.min(1).max(64).default(2),
    SALDO_WORKSPACE_JOBS_MAX: whole.min(1).max(1_000).default(2),
    SALDO_JOB_SECONDS_MAX: whole.min(1).max(3_600).default(300),
    SALDO_JOB_HEAP_MB_MAX: whole.min(16).max(65_536).default(768),
    SALDO_DRAIN_SECONDS_MAX: whole.min(1).max(3_600).default(25),
    SALDO_BOARD_PORT: unlessEmpty(whole.min(1).max(65_535).optional()),
    SALDO_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    ...aiEnvironment.shape,
  })
  .refine((env) => env.SALDO_WORKERS_MIN <= env.SALDO_WORKERS_MAX, { path: ["SALDO_WORKERS_MIN"] });

/** Settings of the worker, parsed once and frozen. */
export interface WorkerConfig {
  readonly databaseUrl: string;
  /** Null keeps the queue in Postgres. */
  readonly redisUrl: string | null;
  /** Worker processes: always so many, and at most so many while jobs wait. */
  readonly processes: { readonly min: number; readonly max: number };
  /** Jobs one process works on at the same time. */
  readonly concurrency: number;
  /** Jobs of one workspace that may be under way at once, over all processes. */
  readonly workspaceJobsMax: number;
  readonly jobTimeMsMax: number;
  readonly jobHeapMbMax: number;
  /** How long work under way may take when asked to stop. */
  readonly drainMsMax: number;
  /** Port of the queue's page, on loopback only; null shows none. */
  readonly boardPort: number | null;
  /** Which AI providers are asked, if any. */
  readonly ai: AiSettings;
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
  const ai = aiSettingsOf(env);
  if ("missing" in ai) throw new SaldoError("job.invalid_config", { settings: ai.missing.join(", ") });
  return Object.freeze({
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL ?? null,
    processes: { min: env.SALDO_WORKERS_MIN, max: env.SALDO_WORKERS_MAX },
    concurrency: env.SALDO_WORKER_CONCURRENCY,
    workspaceJobsMax: env.SALDO_WORKSPACE_JOBS_MAX,
    jobTimeMsMax: env.SALDO_JOB_SECONDS_MAX * 1_000,
    jobHeapMbMax: env.SALDO_JOB_HEAP_MB_MAX,
    drainMsMax: env.SALDO_DRAIN_SECONDS_MAX * 1_000,
    boardPort: env.SALDO_BOARD_PORT ?? null,
    ai,
    logLevel: env.SALDO_LOG_LEVEL,
  });
}

/** The settings as they may be printed: passwords and keys masked. */
export function maskedConfig(config: WorkerConfig): Readonly<Record<string, unknown>> {
  return { ...config, databaseUrl: masked(config.databaseUrl), redisUrl: config.redisUrl === null ? null : masked(config.redisUrl), ai: maskedAiSettings(config.ai) };
}

function masked(address: string): string {
  const url = new URL(address);
  if (url.password !== "") url.password = "***";
  url.search = "";
  return url.href;
}
