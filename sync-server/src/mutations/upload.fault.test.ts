import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { surviveUploadKills } from "../testing/killed-uploads.ts";
import { bundleRelay, relayEnvironment, startRelayProcess } from "../testing/relay-process.ts";

let storageDir: string;
let file: string;

beforeAll(async () => {
  storageDir = await mkdtemp(join(tmpdir(), "saldo-relay-fault-"));
  await chmod(storageDir, 0o711);
  file = await bundleRelay("upload-fault");
});
afterAll(async () => {
  await rm(storageDir, { recursive: true, force: true });
  await rm(file, { force: true });
});

it("a relay killed while devices upload loses no mutation and applies none twice", async () => {
  await expect(surviveUploadKills(file, storageDir, { devices: 3, mutations: 200, kills: 6, seed: 1 })).resolves.toBeDefined();
});

it("a relay with wrong settings says which, in a catalogue code, and ends with 1", async () => {
  const { SALDO_AUTH_SECRET: _left, ...rest } = relayEnvironment("postgres://nobody@127.0.0.1:1/none", storageDir, "unused");
  const start = startRelayProcess(file, { ...rest, SALDO_TOKEN_PRIVATE_KEY: "not a key" });
  await expect(start).rejects.toThrow(/^exit 1: relay\.invalid_config: settings: SALDO_AUTH_SECRET, SALDO_TOKEN_PRIVATE_KEY/);
  await expect(start).rejects.not.toThrow(/not a key/);
});

it("a relay without its database says so and ends with 1", async () => {
  const environment = { ...relayEnvironment("postgres://nobody@127.0.0.1:1/none", storageDir, "unused") };
  await expect(startRelayProcess(file, environment)).rejects.toThrow(/^exit 1: relay\.database_unusable/);
});
