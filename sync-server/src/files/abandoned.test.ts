import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fileKey, listAll, partKey } from "./parts.ts";
import { diskStorage } from "./storage/disk.ts";
import type { FileStorage } from "./storage/file-storage.ts";
import { createUploads, unfinishedMsMax } from "./uploads.ts";

let folder: string;
let storage: FileStorage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "saldo-abandoned-"));
  storage = diskStorage(folder, () => "x");
});
afterAll(() => rm(folder, { recursive: true }));

/** An object written at an instant. */
async function written(key: string, atMs: number): Promise<string> {
  await storage.write(key, 1, (async function* () {
    yield Uint8Array.of(1);
  })());
  await utimes(join(folder, key), new Date(atMs), new Date(atMs));
  return key;
}

it("an upload nobody goes on with for a day is removed whole; one with a newer part and whole files stay", async () => {
  const now = 2_000_000_000_000;
  const old = now - unfinishedMsMax - 1_000;
  const abandoned = { workspaceId: "w", id: "a" };
  const alive = { workspaceId: "w", id: "b" };
  for (const offset of [0, 1, 2]) await written(partKey(abandoned, offset), old);
  const kept = [await written(partKey(alive, 0), old), await written(partKey(alive, 1), now - 1_000), await written(fileKey(abandoned), old)];
  await written(partKey({ workspaceId: "z", id: "c" }, 0), old);
  await createUploads({ pool: new pg.Pool(), storage, workspaceBytesMax: 1, random: () => 0 }).removeAbandoned(now);
  expect((await listAll(storage, "")).map(({ key }) => key).toSorted()).toEqual(kept.toSorted());
});
