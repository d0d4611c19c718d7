import { createHash, randomBytes } from "node:crypto";
import { fileChunkBytesMax } from "@saldo/schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { authorised, frozen, registerDevice, signUpPerson, someInstant, upload } from "../testing/person.ts";
import { startTestRelay, type TestRelay } from "../testing/relay.ts";
import { s3Credentials, startS3Service, type S3Service } from "../testing/s3-service.ts";

let service: S3Service;
let relay: TestRelay;

beforeAll(async () => {
  service = await startS3Service();
  relay = await startTestRelay({ s3: { bucket: "saldo", region: "us-east-1", endpoint: service.url, credentials: s3Credentials } });
});
afterAll(async () => {
  await relay.dispose();
  await service.close();
});

it("a relay with a bucket keeps a file there, alone under its company and hash, and a full bucket is told until there is room", async () => {
  const device = await registerDevice(relay.url, await signUpPerson(relay.url));
  const bytes = randomBytes(fileChunkBytesMax + 50_000);
  const id = createHash("sha256").update(bytes).digest("hex");
  await upload(device, [frozen(1, "file.register", { sha256: id, name: "f.csv", mediaType: "text/csv", byteCount: bytes.byteLength, createdAt: someInstant })]);
  const { workspaceId, token } = device.person;
  const put = async (offset: number) => {
    const address = `${relay.url}/v1/files/${id}/upload?workspace=${workspaceId}&offset=${offset}`;
    return (await fetch(address, { method: "PUT", body: bytes.subarray(offset, offset + fileChunkBytesMax), headers: authorised(token) })).json();
  };
  service.refuseWrites("XMinioStorageFull");
  expect(await put(0)).toMatchObject({ code: "file.storage_full" });
  service.refuseWrites(null);
  expect(await put(0)).toEqual({ offset: fileChunkBytesMax, status: "local" });
  expect(await put(fileChunkBytesMax)).toEqual({ offset: bytes.byteLength, status: "uploaded" });
  expect([...service.objects.keys()]).toEqual([`saldo/file/${workspaceId}/${id}`]);
  const answer = await fetch(`${relay.url}/v1/files/${id}?workspace=${workspaceId}`, { headers: authorised(token) });
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
});
