import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diskStorage } from "./disk.ts";
import type { FileStorage } from "./file-storage.ts";
import { storageContract } from "./storage.contract.ts";

let folder: string;
let storage: FileStorage;
let unfinished = 0;

/** Sets how large a file of this process may grow: it meets that limit where it would meet a full disk. */
function limitFiles(bytesMax: string): void {
  execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytesMax}:`]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "saldo-disk-"));
  storage = diskStorage(join(folder, "originals"), () => String(unfinished++));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a folder", () => {
  storageContract(() => storage, async (isFull) => limitFiles(isFull ? "300000" : "unlimited"));

  it("is for this program's user only", async () => {
    await storage.write("file/w/mine", 1, (async function* () {
      yield Uint8Array.of(1);
    })());
    expect((await stat(join(folder, "originals", "file", "w", "mine"))).mode & 0o077).toBe(0);
    expect((await stat(join(folder, "originals", "file", "w"))).mode & 0o077).toBe(0);
  });

  it.each(["../out", "a/../../out", "/etc/passwd", "a//b", "", "a\0b", "file/w/x.tmp"])("takes no key like %j", async (key) => {
    await expect(storage.read(key)).rejects.toThrow(RangeError);
    await expect(storage.remove([key])).rejects.toThrow(RangeError);
  });

  it("is cleared of what a crash left half-written, once it is old", async () => {
    const left = join(folder, "originals", "file", "w", "mine.7.tmp");
    await writeFile(left, "half");
    await storage.tidy(Date.now() - 60_000);
    expect(await readdir(join(folder, "originals", "file", "w"))).toContain("mine.7.tmp");
    await utimes(left, new Date(0), new Date(0));
    await storage.tidy(Date.now() - 60_000);
    expect(await readdir(join(folder, "originals", "file", "w"))).not.toContain("mine.7.tmp");
  });
});
