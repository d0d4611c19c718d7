import type { BlobStore } from "./blob-store.ts";

/** SHA-256-like names for blobs; the contract does not compare hashes. */
const [one, two] = ["1".repeat(64), "2".repeat(64)];

/**
 * What every store of blobs must do, as one run that also a browser can make: the name of the first claim that does not hold, or null.
 * `reopened` gives a store over the same place.
 */
export async function brokenClaim(store: BlobStore, reopened: () => BlobStore): Promise<string | null> {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251);
  const same = (read: Uint8Array | undefined, wanted: Uint8Array) => read !== undefined && read.byteLength === wanted.byteLength && read.every((byte, index) => byte === wanted[index]);
  const refuses = async (work: () => Promise<unknown>) => work().then(() => false, (error: unknown) => error instanceof RangeError);
  const claims: readonly (readonly [string, () => Promise<boolean>])[] = [
    ["nothing is there at first", async () => (await store.list()).length === 0 && (await store.read(one, 0, 10)) === undefined],
    ["what is written is read", async () => (await store.write(one, bytes), same(await store.read(one, 0, bytes.byteLength), bytes))],
    ["a piece is read", async () => same(await store.read(one, 50_000, 50_010), bytes.subarray(50_000, 50_010))],
    ["past the end is only what is there", async () => same(await store.read(one, 99_990, 200_000), bytes.subarray(99_990))],
    ["writing again changes nothing", async () => (await store.write(one, bytes), same(await store.read(one, 0, bytes.byteLength), bytes))],
    ["all are listed with their lengths", async () => {
      await store.write(two, bytes.subarray(0, 5));
      const found = (await store.list()).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return JSON.stringify(found) === JSON.stringify([{ id: one, byteCount: 100_000 }, { id: two, byteCount: 5 }]);
    }],
    ["a removed one is gone, and removing it again is no failure", async () => {
      await store.remove(two);
      await store.remove(two);
      return (await store.read(two, 0, 5)) === undefined && (await store.list()).length === 1;
    }],
    ["it is there after a restart", async () => same(await reopened().read(one, 0, bytes.byteLength), bytes)],
    ["no other name than a hash is taken", async () => (await refuses(() => store.write("../x", bytes))) && (await refuses(() => store.read("", 0, 1))) && refuses(() => store.remove(`${one}/..`))],
  ];
  for (const [name, holds] of claims) if (!(await holds())) return name;
  return null;
}
