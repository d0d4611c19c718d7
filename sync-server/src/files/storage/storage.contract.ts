import { expect, it } from "vitest";
import { listAll } from "../parts.ts";
import type { ByteStream, FileStorage } from "./file-storage.ts";

async function* pieces(...texts: readonly string[]): ByteStream {
  for (const text of texts) yield new TextEncoder().encode(text);
}

async function textOf(bytes: ByteStream | undefined): Promise<string | undefined> {
  if (bytes === undefined) return undefined;
  const all: Uint8Array[] = [];
  for await (const piece of bytes) all.push(piece);
  return Buffer.concat(all).toString("utf8");
}

/** What every storage of files must do. `fill` takes away its space, or gives it back. */
export function storageContract(storage: () => FileStorage, fill: (isFull: boolean) => Promise<void>): void {
  it("gives back what was written, whole or from a byte on", async () => {
    await storage().write("file/w/a", 10, pieces("hello", "world"));
    expect(await textOf(await storage().read("file/w/a"))).toBe("helloworld");
    expect(await textOf(await storage().read("file/w/a", 7))).toBe("rld");
    await storage().write("file/w/a", 3, pieces("new"));
    expect(await textOf(await storage().read("file/w/a"))).toBe("new");
  });

  it("knows nothing of what was never written, or was removed", async () => {
    expect(await storage().read("file/w/none")).toBeUndefined();
    expect(await storage().read("file/none/none/none")).toBeUndefined();
    await storage().write("file/w/b", 1, pieces("b"));
    await storage().remove(["file/w/b", "file/w/none"]);
    expect(await storage().read("file/w/b")).toBeUndefined();
  });

  it("lists by the beginning of keys, in order, with lengths and times, however many there are", async () => {
    for (const [index, name] of ["c", "a", "e", "b", "d"].entries()) await storage().write(`part/w/x/${name}`, index + 1, pieces("x".repeat(index + 1)));
    await storage().write("part/w2/x/a", 1, pieces("x"));
    const found = await listAll(storage(), "part/w/");
    expect(found.map(({ key, byteCount }) => [key, byteCount])).toEqual([["part/w/x/a", 2], ["part/w/x/b", 4], ["part/w/x/c", 1], ["part/w/x/d", 5], ["part/w/x/e", 3]]);
    expect(found.every(({ writtenAtMs }) => writtenAtMs > 1.6e12)).toBe(true);
    expect(await listAll(storage(), "nothing/")).toEqual([]);
  });

  it.each([["short", ["four"]], ["long", ["four", "and more"]]])("a stream that is too %s leaves nothing", async (name, texts) => {
    await expect(storage().write(`file/w/${name}`, 6, pieces(...texts))).rejects.toThrow();
    expect(await storage().read(`file/w/${name}`)).toBeUndefined();
    expect(await listAll(storage(), `file/w/${name}`)).toEqual([]);
  });

  it("with no space left says so, keeps what it had, and writes again when there is space", async () => {
    await storage().write("file/w/kept", 4, pieces("kept"));
    await fill(true);
    await expect(storage().write("file/w/more", 1_000_000, pieces("x".repeat(1_000_000)))).rejects.toMatchObject({ code: "file.storage_full" });
    expect(await textOf(await storage().read("file/w/kept"))).toBe("kept");
    await fill(false);
    expect(await storage().read("file/w/more")).toBeUndefined();
    await storage().write("file/w/more", 4, pieces("more"));
    expect(await textOf(await storage().read("file/w/more"))).toBe("more");
  });
}
