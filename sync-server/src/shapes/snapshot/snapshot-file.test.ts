import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SnapshotFile } from "./snapshot-file.ts";

const mib = 1024 * 1024;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "snapshot-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function chunkSizes(chunkBytesMin: number): Promise<number[]> {
  const file = SnapshotFile.writing(dir, chunkBytesMin);
  const row = Buffer.alloc(64 * 1024 - 2, "x");
  const first = file.chunk(0);
  for (let written = 0; written < 8 * mib; written += row.length + 2) file.row(row);
  // What is closed can be read while the rest is written.
  expect(await first).toMatchObject({ fromByte: 0, toByte: Math.min(chunkBytesMin, mib / 2) });
  await file.finish("end");
  return file.chunkEnds.map((end, index) => end - (index === 0 ? 0 : (file.chunkEnds[index - 1] ?? 0)));
}

it("begins with a small chunk and lets each be twice as large as the one before, up to the bound", async () => {
  const last = "end,\n".length;
  expect(await chunkSizes(2 * mib)).toEqual([mib / 2, mib, 2 * mib, 2 * mib, 2 * mib, mib / 2 + last]);
});

it("never takes more than the bound", async () => {
  expect(await chunkSizes(mib / 4)).toEqual([...new Array<number>(32).fill(mib / 4), "end,\n".length]);
});
