import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileChunkBytesMax, fileUploadAnswer, type FileUploadAnswer } from "@saldo/schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../deploy/testing/postgres.ts";
import { authorised, fetchToken, frozen, registerDevice, signUpPerson, someInstant, upload } from "../testing/person.ts";
import { bundleRelay, relayEnvironment, startRelayProcess } from "../testing/relay-process.ts";

let database: TestDatabase;
let storageDir: string;
let program: string;

beforeAll(async () => {
  database = await createTestDatabase();
  storageDir = await mkdtemp(join(tmpdir(), "saldo-killed-"));
  program = await bundleRelay("files-killed");
});
afterAll(async () => {
  await database.drop();
  await rm(storageDir, { recursive: true, force: true });
  await rm(program, { force: true });
});

it("a relay that is killed again and again while a file arrives loses no chunk it has answered, and in the end has the file", async () => {
  const environment = relayEnvironment(database.url, storageDir, `slot_${database.name}`);
  let relay = await startRelayProcess(program, environment);
  const device = await registerDevice(relay.url, await signUpPerson(relay.url));
  const { workspaceId, sessionToken } = device.person;
  const bytes = randomBytes(4 * fileChunkBytesMax + 100_000);
  const id = createHash("sha256").update(bytes).digest("hex");
  await upload(device, [frozen(1, "file.register", { sha256: id, name: "f.csv", mediaType: "text/csv", byteCount: bytes.byteLength, createdAt: someInstant })]);

  const ask = async (tail: string, init: RequestInit = {}) => {
    const { token } = await fetchToken(relay.url, sessionToken);
    return fetch(`${relay.url}/v1/files/${id}${tail}`, { ...init, headers: authorised(token) });
  };
  const standing = async (): Promise<FileUploadAnswer> => fileUploadAnswer.parse(await (await ask(`/upload?workspace=${workspaceId}`)).json());
  let answered = 0;
  let { offset, status } = await standing();
  while (status !== "uploaded") {
    const sending = ask(`/upload?workspace=${workspaceId}&offset=${offset}`, { method: "PUT", body: bytes.subarray(offset, offset + fileChunkBytesMax) }).then(
      async (answer) => fileUploadAnswer.safeParse(await answer.json().catch(() => undefined)).data,
      () => undefined,
    );
    // Every other chunk is answered; beside the rest the relay dies, somewhere on the way.
    const isKilled = Math.floor(offset / fileChunkBytesMax) % 2 === 0 && answered === 0;
    if (isKilled) {
      await relay.kill();
      relay = await startRelayProcess(program, environment);
    }
    const answer = await sending;
    answered = answer === undefined ? answered + 1 : 0;
    const now = await standing();
    if (answer !== undefined) expect(now.offset).toBeGreaterThanOrEqual(answer.offset);
    ({ offset, status } = now);
  }
  const whole = new Uint8Array(await (await ask(`?workspace=${workspaceId}`)).arrayBuffer());
  expect(createHash("sha256").update(whole).digest("hex")).toBe(id);
  expect(await relay.stop()).toBe(0);
});
