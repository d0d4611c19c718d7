import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { zipped } from "./zip.ts";

async function* pieces(...all: readonly Uint8Array[]) {
  yield* all;
}

it("holds every file whole under its path, an empty one among them", async () => {
  const noise = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) % 251);
  async function* files() {
    yield { path: "base/1/1259", bytes: pieces(noise.subarray(0, 100_000), noise.subarray(100_000)) };
    yield { path: "empty", bytes: pieces() };
  }
  const written: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipped(files())) written.push(piece);
  const archive = new Uint8Array(await new Blob(written).arrayBuffer());
  expect(unzipSync(archive)).toEqual({ "base/1/1259": noise, empty: new Uint8Array(0) });
  expect(archive.byteLength).toBeLessThan(noise.byteLength);
});

it("is refused where it would hold more than its format can tell", async () => {
  async function* files() {
    for (const path of ["one", "two"]) yield { path, bytes: pieces(new Uint8Array(1_000)) };
  }
  for (const limits of [{ files: 1, bytes: 10_000 }, { files: 2, bytes: 900 }]) {
    const all = async () => {
      for await (const _piece of zipped(files(), limits));
    };
    await expect(all()).rejects.toMatchObject({ code: "store.archive_too_large" });
  }
});
