import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { surviveUploadKills } from "../testing/killed-uploads.ts";
import { bundleRelay } from "../testing/relay-process.ts";

let storageDir: string;
let file: string;

beforeAll(async () => {
  storageDir = await mkdtemp(join(tmpdir(), "saldo-relay-deep-"));
  await chmod(storageDir, 0o711);
  file = await bundleRelay("upload-deep");
});
afterAll(async () => {
  await rm(storageDir, { recursive: true, force: true });
  await rm(file, { force: true });
});

it.each([1, 2])("a relay killed 20 times while 10 devices upload 10,000 mutations loses none and applies none twice (seed %i)", async (seed) => {
  const resumedMsMax = await surviveUploadKills(file, await mkdtemp(join(storageDir, "run-")), { devices: 10, mutations: 1_000, kills: 20, seed });
  process.stdout.write(`longest from the relay's return to a device's first answer: ${Math.round(resumedMsMax)} ms\n`);
  expect(resumedMsMax).toBeGreaterThan(0);
});
