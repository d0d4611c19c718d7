import { afterAll, beforeAll, expect, it } from "vitest";
import { s3Credentials, startS3Service, type S3Service } from "../../testing/s3-service.ts";
import type { FileStorage } from "./file-storage.ts";
import { s3Storage } from "./s3.ts";
import { storageContract } from "./storage.contract.ts";

let service: S3Service;
let storage: FileStorage;

beforeAll(async () => {
  service = await startS3Service();
  storage = s3Storage({ bucket: "saldo", region: "us-east-1", endpoint: service.url, credentials: s3Credentials });
});
afterAll(async () => {
  await storage.close();
  await service.close();
});

storageContract(() => storage, async (isFull) => service.refuseWrites(isFull ? "XMinioStorageFull" : null));

it("keys stay within the bucket", async () => {
  expect([...service.objects.keys()].every((key) => key.startsWith("saldo/"))).toBe(true);
});

it("a service that is away is an outage, not a missing file", async () => {
  const away = s3Storage({ bucket: "saldo", region: "us-east-1", endpoint: "http://127.0.0.1:9", credentials: s3Credentials });
  await expect(away.read("file/w/a")).rejects.toMatchObject({ code: "relay.unavailable" });
  await away.close();
});

it("credentials it does not know are an outage too: a person can do nothing about them", async () => {
  const stranger = s3Storage({ bucket: "saldo", region: "us-east-1", endpoint: service.url, credentials: { accessKeyId: "other", secretAccessKey: "x" } });
  await expect(stranger.read("file/w/a")).rejects.toMatchObject({ code: "relay.unavailable" });
  await stranger.close();
});
