import { seededRandom } from "@saldo/client-core/seeded-random";
import { describe, expect, it } from "vitest";
import { gatherWrites } from "./gathered-writes.ts";

const page = (content: number) => new Uint8Array(8_192).fill(content);

describe("writes that are gathered", () => {
  it("reach a file as one when they follow one another", () => {
    const written: (readonly [number, number, number])[] = [];
    const gathered = gatherWrites(({ fd, from, bytes }) => void written.push([fd, from, bytes.byteLength]));
    for (let index = 0; index < 20; index++) {
      gathered.add("/base/1", 1, page(1), index * 8_192);
      gathered.add("/base/2", 2, page(2), (100 + index) * 8_192);
    }
    expect(written).toEqual([]);
    gathered.drain("/base/2");
    expect(written).toEqual([[2, 100 * 8_192, 20 * 8_192]]);
    gathered.add("/base/1", 1, page(1), 0);
    gathered.drain();
    gathered.drain();
    expect(written.slice(1)).toEqual([[1, 0, 20 * 8_192], [1, 0, 8_192]]);
  });

  it("are as if each was written at once, in any order and however many files there are", () => {
    const random = seededRandom(7);
    const below = (limit: number) => Math.floor(random() * limit);
    const [plain, late] = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>()];
    const put = (files: Map<string, Uint8Array>, name: string, bytes: Uint8Array, from: number) => {
      const file = files.get(name) ?? new Uint8Array(200 * 8_192);
      file.set(bytes, from);
      files.set(name, file);
    };
    const gathered = gatherWrites(({ fd, from, bytes }) => put(late, `/base/${fd}`, bytes, from));
    let at = 0;
    for (let step = 0; step < 3_000; step++) {
      const fd = below(12);
      at = below(4) === 0 ? below(200) : (at + 1) % 200;
      const bytes = page(below(256));
      put(plain, `/base/${fd}`, bytes, at * 8_192);
      gathered.add(`/base/${fd}`, fd, bytes, at * 8_192);
      if (below(50) === 0) gathered.drain(`/base/${below(12)}`);
    }
    gathered.drain();
    expect([...late.keys()].toSorted()).toEqual([...plain.keys()].toSorted());
    for (const [name, file] of plain) expect(Buffer.from(file).equals(late.get(name) ?? new Uint8Array())).toBe(true);
  });

  it("stay gathered when there is no space for them", () => {
    let isFull = true;
    const written: number[] = [];
    const gathered = gatherWrites(({ from }) => {
      if (isFull) throw new Error("full");
      written.push(from);
    });
    gathered.add("/base/1", 1, page(1), 0);
    expect(() => gathered.drain()).toThrow("full");
    isFull = false;
    gathered.drain();
    expect(written).toEqual([0]);
  });
});
