import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { maskedConfig, readConfig } from "./config.ts";

const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const variables = {
  DATABASE_URL: "postgres://saldo:hidden-password@db.test:5432/saldo?sslmode=require",
  SALDO_PUBLIC_URL: "https://saldo.test",
  SALDO_AUTH_SECRET: "hidden-secret-of-more-than-32-characters",
  SALDO_TOKEN_PRIVATE_KEY: pem,
  SALDO_STORAGE_DIR: "/var/lib/saldo",
};

it("reads settings, with defaults, and freezes them", () => {
  const config = readConfig({ ...variables, SALDO_TRUSTED_ORIGINS: "https://app.test/, capacitor://localhost" });
  expect(config).toMatchObject({ host: "127.0.0.1", port: 4040, webDir: null, trustedProxyHops: 0, replicationSlot: "saldo_shapes" });
  expect(Object.isFrozen(config)).toBe(true);
});

it("limits what shapes may take on disk and how long unused ones are kept", () => {
  expect(readConfig(variables)).toMatchObject({ shapesBytesMax: 20 * 1024 ** 3, shapesUnusedMsMax: 30 * 86_400_000 });
  expect(readConfig({ ...variables, SALDO_SHAPES_BYTES_MAX: "1000000", SALDO_SHAPES_UNUSED_DAYS: "0.5" })).toMatchObject({ shapesBytesMax: 1_000_000, shapesUnusedMsMax: 43_200_000 });
});

it("takes a key whose line ends were escaped on the way", () => {
  expect(readConfig({ ...variables, SALDO_TOKEN_PRIVATE_KEY: pem.replaceAll("\n", "\\n") }).tokenPrivateKey.asymmetricKeyType).toBe("ed25519");
});

it("reads shapes from an Electric service when one is named, and keeps answers private unless an edge checks tokens", () => {
  expect(readConfig(variables)).toMatchObject({ electricUrl: null, electricSecret: null, edgeChecksTokens: false });
  const behind = { ELECTRIC_URL: "https://electric.test/v1/shape", ELECTRIC_SECRET: "s", SALDO_EDGE_CHECKS_TOKENS: "true" };
  expect(readConfig({ ...variables, ...behind })).toMatchObject({ electricUrl: behind.ELECTRIC_URL, electricSecret: "s", edgeChecksTokens: true });
});

it("keeps files in its folder, or in a bucket when one is named; half a pair of keys is no pair", () => {
  expect(readConfig(variables)).toMatchObject({ s3: null, workspaceFileBytesMax: 2 * 1024 ** 3 });
  const bucket = { S3_BUCKET: "files", S3_ENDPOINT: "http://minio.test:9000" };
  expect(readConfig({ ...variables, ...bucket }).s3).toEqual({ bucket: "files", region: "us-east-1", endpoint: "http://minio.test:9000", credentials: null });
  expect(() => readConfig({ ...variables, ...bucket, S3_ACCESS_KEY_ID: "k" })).toThrow(expect.objectContaining({ code: "relay.invalid_config" }));
  const whole = readConfig({ ...variables, ...bucket, S3_ACCESS_KEY_ID: "k", S3_SECRET_ACCESS_KEY: "hidden" });
  expect(whole.s3?.credentials).toEqual({ accessKeyId: "k", secretAccessKey: "hidden" });
  expect(JSON.stringify(maskedConfig(whole))).not.toContain("hidden");
});

it("prints no secret", () => {
  const behind = { ELECTRIC_URL: "https://electric.test/?token=hidden-token", ELECTRIC_SECRET: "hidden-behind" };
  const printed = JSON.stringify(maskedConfig(readConfig({ ...variables, ...behind })));
  expect(printed).toContain("electric.test");
  expect(printed).not.toContain("hidden");
  expect(printed).not.toContain("PRIVATE");
  expect(printed).toContain("db.test");
});

it.each([
  ["DATABASE_URL", "mysql://x"],
  ["DATABASE_URL", undefined],
  ["SALDO_PUBLIC_URL", "ftp://x"],
  ["SALDO_AUTH_SECRET", "short"],
  ["SALDO_TOKEN_PRIVATE_KEY", generateKeyPairSync("x25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
  ["SALDO_PORT", "seventy"],
  ["SALDO_TRUSTED_ORIGINS", "https://ok.test, nonsense"],
  ["ELECTRIC_URL", "redis://x"],
  ["ELECTRIC_URL", "https://user:password@electric.test"],
  ["ELECTRIC_SECRET", ""],
  ["S3_ENDPOINT", "https://user:password@s3.test"],
  ["SALDO_FILES_BYTES_MAX", "much"],
  ["SALDO_SHAPES_BYTES_MAX", "0"],
  ["SALDO_SHAPES_UNUSED_DAYS", "never"],
  ["SALDO_EDGE_CHECKS_TOKENS", "perhaps"],
])("names %s when it is %s", (name, value) => {
  expect(() => readConfig({ ...variables, [name]: value })).toThrow(expect.objectContaining({ code: "relay.invalid_config", detail: { settings: name } }));
});
