import { expect, it } from "vitest";
import { maskedShapeServerConfig, readShapeServerConfig, shapeServerHelp, type ShapeServerConfig } from "./config.ts";
import { serviceOptions } from "./configuration/service-options.ts";
import { flags } from "./configuration/settings.ts";

const base = { DATABASE_URL: "postgresql://user:pa%2Fss@db.example:5433/app?sslmode=require", ELECTRIC_SECRET: "s3cret-text" };

function serve(env: Record<string, string>, args: string[] = []): ShapeServerConfig & { unsupported: readonly string[] } {
  const command = readShapeServerConfig({ ...base, ...env }, args);
  if (command.kind !== "serve") throw new Error("not a configuration");
  return { ...command.config, unsupported: command.unsupported };
}

it("has Electric's defaults", () => {
  const config = serve({});
  expect(config).toMatchObject({ ELECTRIC_PORT: 3000, ELECTRIC_LONG_POLL_TIMEOUT: 20_000, ELECTRIC_CACHE_MAX_AGE: 60, ELECTRIC_CACHE_STALE_AGE: 300, ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: 10_485_760, ELECTRIC_DB_POOL_SIZE: 20 });
  const options = serviceOptions(config, () => "unused");
  expect(options).toMatchObject({ slotName: "shapes_slot_default", publicationName: "shapes_publication_default", admission: { initialMax: 300, existingMax: 10_000 }, storageBytesMax: Infinity, unusedMsMax: Infinity, compaction: false });
});

it("reads durations and sizes as people write them, and bare numbers as milliseconds and bytes", () => {
  const config = serve({ ELECTRIC_LONG_POLL_TIMEOUT: "30s", ELECTRIC_REPLICATION_IDLE_TIMEOUT: "5min", ELECTRIC_SSE_TIMEOUT: "1500", SHAPES_UNUSED_MAX: "30d", SHAPES_STORAGE_BYTES_MAX: "20GiB", ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: "10000" });
  expect(config).toMatchObject({ ELECTRIC_LONG_POLL_TIMEOUT: 30_000, ELECTRIC_REPLICATION_IDLE_TIMEOUT: 300_000, ELECTRIC_SSE_TIMEOUT: 1_500, SHAPES_UNUSED_MAX: 2_592_000_000, SHAPES_STORAGE_BYTES_MAX: 20 * 2 ** 30, ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: 10_000 });
  for (const wrong of ["20 parsecs", "s", "-1s", "1e9", "20s 30s"]) expect(() => serve({ ELECTRIC_LONG_POLL_TIMEOUT: wrong })).toThrow("must be a number with a unit");
});

it("lets a flag win over the environment, and has one for every setting", () => {
  const config = serve({ ELECTRIC_PORT: "4000" }, ["--port", "5000", "--compaction", "--max-concurrent-requests", '{"initial": 5}']);
  expect(config).toMatchObject({ ELECTRIC_PORT: 5_000, SHAPES_COMPACTION: true, ELECTRIC_MAX_CONCURRENT_REQUESTS: { initial: 5, existing: 10_000 } });
  const names = Object.values(flags).map(({ flag }) => flag);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(shapeServerHelp()).toContain(`--${name}`);
  expect(() => serve({}, ["--colour", "red"])).toThrow("colour");
  expect([readShapeServerConfig({}, ["--help"]).kind, readShapeServerConfig({}, ["--version"]).kind]).toEqual(["help", "version"]);
});

it("takes Electric's older names and empty variables as deployments write them", () => {
  const pooled = "postgresql://user@pool.example/app";
  expect(serve({ ELECTRIC_QUERY_DATABASE_URL: pooled, ELECTRIC_EXPERIMENTAL_MAX_SHAPES: "7", ELECTRIC_PORT: "" })).toMatchObject({ ELECTRIC_POOLED_DATABASE_URL: pooled, ELECTRIC_MAX_SHAPES: 7, ELECTRIC_PORT: 3000 });
});

it("names the variables of Electric that mean nothing here", () => {
  const config = serve({ ELECTRIC_OTLP_ENDPOINT: "https://x.example", ELECTRIC_STORAGE: "MEMORY", ELECTRIC_PERSISTENT_STATE: "FILE", SENTRY_DSN: "x", ELECTRIC_STATSD_HOST: "", ELECTRIC_PORT: "1", HOME: "/" });
  expect(config.unsupported).toEqual(["ELECTRIC_OTLP_ENDPOINT", "ELECTRIC_STORAGE", "SENTRY_DSN"]);
});

it("takes no table out of a publication that someone named", () => {
  expect(serviceOptions(serve({}), () => "unused").unpublishUnusedTables).toBe(true);
  expect(serviceOptions(serve({}, ["--publication", "mine"]), () => "unused").unpublishUnusedTables).toBe(false);
});

it("says what is missing", () => {
  expect(() => readShapeServerConfig({})).toThrow("DATABASE_URL (--database-url): is required");
});

it("asks for a secret or for the word insecure, not for both", () => {
  expect(() => readShapeServerConfig({ DATABASE_URL: base.DATABASE_URL })).toThrow("ELECTRIC_SECRET");
  expect(() => serve({ ELECTRIC_INSECURE: "true" })).toThrow("cannot both be set");
  expect(readShapeServerConfig({ DATABASE_URL: base.DATABASE_URL }, ["--insecure"]).kind).toBe("serve");
});

it("never repeats a password, a secret or a wrong value", () => {
  const printed = JSON.stringify(maskedShapeServerConfig(serve({ ELECTRIC_POOLED_DATABASE_URL: "postgresql://u@h/d?password=hunter2" })));
  expect(printed).toContain("user:***@db.example:5433/app");
  for (const hidden of ["pa%2Fss", "pa/ss", "s3cret-text", "hunter2"]) expect(printed).not.toContain(hidden);
  for (const wrong of [{ DATABASE_URL: "mysql://root:hunter2@x/y" }, { DATABASE_URL: "postgresql://u:hunter2@h/d?sslmode=verify-full" }, { ELECTRIC_LOG_LEVEL: "hunter2" }]) {
    let message = "";
    try {
      serve(wrong);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(Object.keys(wrong)[0]);
    expect(message).not.toContain("hunter2");
  }
});

it("gives the driver sslmode as libpq means it, and checks the server's name when certificates are given", () => {
  const options = serviceOptions(serve({}), () => "unused");
  expect(new URL(options.databaseUrl).searchParams.get("uselibpqcompat")).toBe("true");
  const checked = new URL(serviceOptions(serve({ ELECTRIC_DATABASE_CA_CERTIFICATE_FILE: "/etc/root.crt" }), () => "unused").databaseUrl).searchParams;
  expect([checked.get("sslmode"), checked.get("sslrootcert")]).toEqual(["verify-full", "/etc/root.crt"]);
});
