import { createPrivateKey, type KeyObject } from "node:crypto";
import { SaldoError } from "@saldo/schema";
import { z } from "zod";
import type { S3Settings } from "./files/storage/s3.ts";

const ed25519PrivateKey = z.string().transform((pem, context): KeyObject => {
  try {
    const key = createPrivateKey(pem.replaceAll("\\n", "\n"));
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Told below, without the text of the key.
  }
  context.addIssue({ code: "custom", message: "not an Ed25519 private key in PKCS8 PEM" });
  return z.NEVER;
});

const dayMs = 86_400_000;

const origin = z.url().transform((text) => new URL(text).origin);
const originList = z.string().transform((text) => text.split(",").map((part) => part.trim()).filter((part) => part !== "")).pipe(z.array(origin));

const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  SALDO_HOST: z.string().min(1).default("127.0.0.1"),
  SALDO_PORT: z.coerce.number().int().min(0).max(65_535).default(4040),
  SALDO_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  SALDO_TRUSTED_ORIGINS: originList.default([]),
  SALDO_TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  SALDO_AUTH_SECRET: z.string().min(32),
  SALDO_TOKEN_PRIVATE_KEY: ed25519PrivateKey,
  SALDO_STORAGE_DIR: z.string().min(1),
  SALDO_REPLICATION_SLOT: z.string().regex(/^[a-z0-9_]{1,63}$/).default("saldo_shapes"),
  SALDO_SHAPES_BYTES_MAX: z.coerce.number().int().min(1).default(20 * 1024 ** 3),
  SALDO_SHAPES_UNUSED_DAYS: z.coerce.number().positive().default(30),
  SALDO_EDGE_CHECKS_TOKENS: z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1").default(false),
  ELECTRIC_URL: z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).username === "" && new URL(text).password === "").optional(),
  ELECTRIC_SECRET: z.string().min(1).optional(),
  SALDO_FILES_BYTES_MAX: z.coerce.number().int().min(1).default(2 * 1024 ** 3),
  S3_BUCKET: z.string().min(1).optional(),
  S3_REGION: z.string().min(1).default("us-east-1"),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).username === "" && new URL(text).password === "").optional(),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  SALDO_WEB_DIR: z.string().min(1).optional(),
  SALDO_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

/** Settings of the relay process, parsed once and frozen. */
export interface RelayConfig {
  readonly databaseUrl: string;
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where browsers reach the relay; its origin is always trusted, and https makes cookies secure. */
  readonly publicUrl: string;
  /** Other exact origins that may call, beside the public one. */
  readonly trustedOrigins: readonly string[];
  /** How many proxies in front append to `x-forwarded-for`; 0 takes the socket's address. */
  readonly trustedProxyHops: number;
  /** Signs session cookies; at least 32 characters. */
  readonly authSecret: string;
  /** Ed25519; signs sync tokens. */
  readonly tokenPrivateKey: KeyObject;
  /** Folder of shape logs and files. */
  readonly storageDir: string;
  /**
   * The shape service's replication slot; one per database, and its name is of the whole Postgres server. With an Electric service behind,
   * only the name by which temporary slots begin.
   */
  readonly replicationSlot: string;
  /** Bytes of all shapes of this process's shape service beyond which the least recently asked ones are dropped; their devices fetch anew. */
  readonly shapesBytesMax: number;
  /** How long nobody asks for one before it is dropped. */
  readonly shapesUnusedMsMax: number;
  /** An Electric service that shapes are read from, in place of the shape service of this process; `/v1/shape` may be left out. */
  readonly electricUrl: string | null;
  /** The `secret` that service wants. */
  readonly electricSecret: string | null;
  /**
   * True when a cache stands in front that checks each request's token and right itself: then shapes are answered with the protocol's
   * public cache rules. False, the default: `private, no-store`.
   */
  readonly edgeChecksTokens: boolean;
  /** Most bytes of all files one company may keep. */
  readonly workspaceFileBytesMax: number;
  /** The bucket files are kept in; null keeps them in the storage folder, which then has to be shared by all relays. */
  readonly s3: S3Settings | null;
  /** Folder of the built web app, when this process serves it. */
  readonly webDir: string | null;
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
}

/** Reads the settings from environment variables. Throws `SaldoError` `relay.invalid_config` naming the variables at fault, never their values. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): RelayConfig {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
    throw new SaldoError("relay.invalid_config", { settings: names.join(", ") });
  }
  const env = parsed.data;
  return Object.freeze({
    databaseUrl: env.DATABASE_URL,
    host: env.SALDO_HOST,
    port: env.SALDO_PORT,
    publicUrl: env.SALDO_PUBLIC_URL,
    trustedOrigins: env.SALDO_TRUSTED_ORIGINS,
    trustedProxyHops: env.SALDO_TRUSTED_PROXY_HOPS,
    authSecret: env.SALDO_AUTH_SECRET,
    tokenPrivateKey: env.SALDO_TOKEN_PRIVATE_KEY,
    storageDir: env.SALDO_STORAGE_DIR,
    replicationSlot: env.SALDO_REPLICATION_SLOT,
    shapesBytesMax: env.SALDO_SHAPES_BYTES_MAX,
    shapesUnusedMsMax: env.SALDO_SHAPES_UNUSED_DAYS * dayMs,
    electricUrl: env.ELECTRIC_URL ?? null,
    electricSecret: env.ELECTRIC_SECRET ?? null,
    edgeChecksTokens: env.SALDO_EDGE_CHECKS_TOKENS,
    workspaceFileBytesMax: env.SALDO_FILES_BYTES_MAX,
    s3: s3Of(env),
    webDir: env.SALDO_WEB_DIR ?? null,
    logLevel: env.SALDO_LOG_LEVEL,
  });
}

function s3Of(env: z.output<typeof environment>): S3Settings | null {
  if (env.S3_BUCKET === undefined) return null;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) throw new SaldoError("relay.invalid_config", { settings: "S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY" });
  const credentials = accessKeyId === undefined || secretAccessKey === undefined ? null : { accessKeyId, secretAccessKey };
  return { bucket: env.S3_BUCKET, region: env.S3_REGION, endpoint: env.S3_ENDPOINT ?? null, credentials };
}

/** The settings as they may be printed: secrets and the database's password masked. */
export function maskedConfig(config: RelayConfig): Readonly<Record<string, string | number | boolean | readonly string[] | null>> {
  return {
    ...config,
    databaseUrl: maskedUrl(config.databaseUrl),
    electricUrl: config.electricUrl === null ? null : maskedUrl(config.electricUrl),
    electricSecret: config.electricSecret === null ? null : "***",
    s3: config.s3 === null ? null : `${config.s3.endpoint ?? "s3"}/${config.s3.bucket}`,
    authSecret: "***",
    tokenPrivateKey: "***",
  };
}

function maskedUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== "") url.password = "***";
  url.search = "";
  return url.href;
}
