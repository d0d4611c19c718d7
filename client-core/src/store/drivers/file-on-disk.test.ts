import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { fileOnDisk, spooledFile } from "./file-on-disk.ts";

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

const leftOver = () => readdirSync(tmpdir()).filter((name) => /^saldo-[0-9a-f-]{36}$/.test(name));

async function* piecesOf(...lengths: readonly number[]) {
  for (const length of lengths) yield new Uint8Array(length).fill(length % 251);
}

test("what comes in pieces is read as a file that has no name any more", async () => {
  const told: number[] = [];
  const file = await spooledFile(piecesOf(1_500_000, 7, 700_000), (bytes) => told.push(bytes));
  const whole = Buffer.concat([Buffer.alloc(1_500_000, 1_500_000 % 251), Buffer.alloc(7, 7), Buffer.alloc(700_000, 700_000 % 251)]);
  expect([file.byteLength, told, leftOver()]).toEqual([2_200_007, [1_500_000, 1_500_007, 2_200_007], []]);
  expect(Buffer.from(file.subarray(1_499_999, 1_500_010)).equals(whole.subarray(1_499_999, 1_500_010))).toBe(true);
  expect(await file.sha256?.()).toBe(createHash("sha256").update(whole).digest("hex"));
});

test("nothing is left where the pieces are too many", async () => {
  const spooling = spooledFile(piecesOf(5, 5), (bytes) => {
    if (bytes > 5) throw new RangeError("too many");
  });
  await expect(spooling).rejects.toThrow("too many");
  expect(leftOver()).toEqual([]);
});
