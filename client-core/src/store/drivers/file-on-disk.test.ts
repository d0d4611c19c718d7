import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { fileOnDisk } from "./file-on-disk.ts";

const folder = mkdtempSync(path.join(tmpdir(), "file-on-disk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("slices, hash and length are those of the file", async () => {
  const file = path.join(folder, "ledger.csv");
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7) % 251);
  writeFileSync(file, bytes);
  const found = fileOnDisk(file);
  expect([found.byteLength, found.subarray(2_999_990, 4_000_000)]).toEqual([bytes.length, bytes.subarray(2_999_990)]);
  expect(await found.sha256?.()).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("a file that was changed meanwhile is not read on", () => {
  const file = path.join(folder, "changing.csv");
  writeFileSync(file, "Date,Amount\n2024-03-05,1\n");
  const found = fileOnDisk(file);
  writeFileSync(file, "Date,Amount\n2024-03-05,2\n");
  utimesSync(file, new Date(), new Date(Date.now() + 5_000));
  expect(() => found.subarray(0, 5)).toThrow("was changed");
});
