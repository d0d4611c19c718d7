import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { brokenClaim } from "../../files/blob-store.contract.ts";
import { blobFolder } from "./blob-folder.ts";

let place: string;
const folder = () => join(place, "originals");

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "saldo-blobs-"));
});
afterEach(() => rm(place, { recursive: true }));

it("keeps the contract of a store of blobs", async () => {
  expect(await brokenClaim(blobFolder(folder()), () => blobFolder(folder()))).toBeNull();
});

it("makes its folder only when there is something to keep, and for its owner alone", async () => {
  const store = blobFolder(folder());
  await store.list();
  expect(await readdir(place)).toEqual([]);
  await store.write("a".repeat(64), Uint8Array.of(1));
  expect((await stat(folder())).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder(), "a".repeat(64)))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder())).toEqual(["a".repeat(64)]);
});

it("a folder that cannot be written is told", async () => {
  await expect(blobFolder(join(place, "none", "originals")).write("a".repeat(64), Uint8Array.of(1))).rejects.toMatchObject({ code: "store.io_failed" });
});
