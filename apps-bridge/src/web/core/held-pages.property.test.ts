import fc from "fast-check";
import { expect, it } from "vitest";
import { heldPages, type PageFiles } from "./held-pages.ts";

const page = 64 * 1024;
const paths = Array.from({ length: 10 }, (_, index) => `/base/${index}`);

/** Files in memory, some of whose writes fail. */
function files() {
  const stored = new Map<string, Uint8Array>();
  const state = { isFull: false, writes: 0 };
  const of = (path: string) => stored.get(path) ?? new Uint8Array(0);
  const lengthen = (path: string, bytes: number) => {
    const longer = new Uint8Array(Math.max(bytes, of(path).length));
    longer.set(of(path));
    stored.set(path, longer);
  };
  const made: PageFiles = {
    size: (path) => of(path).length,
    lengthen,
    write(path, bytes, at) {
      if (state.isFull) throw new Error("no space");
      state.writes += 1;
      lengthen(path, at + bytes.length);
      of(path).set(bytes, at);
    },
  };
  return { stored, state, of, made };
}

const place = { path: fc.constantFrom(...paths), page: fc.nat(12) };
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("write" as const), ...place, pages: fc.integer({ min: 1, max: 3 }), fill: fc.integer({ min: 1, max: 255 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("read" as const), ...place, pages: fc.integer({ min: 1, max: 3 }) }) },
  fc.record({ kind: fc.constant("lengthen" as const), ...place }),
  fc.record({ kind: fc.constant("release" as const), path: place.path }),
  fc.record({ kind: fc.constant("release bytes" as const) }),
  fc.record({ kind: fc.constant("forget" as const), path: place.path }),
  fc.record({ kind: fc.constant("full" as const), isFull: fc.boolean() }),
);

it("files are read as if all pages had been written at once, also while none can be, and are so once they are released", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const [plain, real] = [files(), files()];
      const held = heldPages(real.made);
      const length = (path: string) => held.length(path, real.made.size(path));
      for (const one of steps) {
        if (one.kind === "full") real.state.isFull = one.isFull;
        else if (one.kind === "lengthen") {
          plain.made.lengthen(one.path, one.page * page);
          held.lengthen(one.path, one.page * page);
        } else if (one.kind === "forget") {
          for (const { stored } of [plain, real]) stored.delete(one.path);
          held.forget(one.path);
        } else if (one.kind === "release") {
          if (!real.state.isFull) held.release(one.path);
        } else if (one.kind === "release bytes") {
          if (!real.state.isFull) held.releaseBytes();
        } else if (one.kind === "write") {
          const bytes = new Uint8Array(one.pages * page).fill(one.fill);
          try {
            held.write(one.path, bytes, one.page * page);
          } catch {
            continue;
          }
          plain.made.write(one.path, bytes, one.page * page);
        } else {
          const [as, is] = [new Uint8Array(one.pages * page), new Uint8Array(one.pages * page)];
          const there = plain.of(one.path).subarray(one.page * page).subarray(0, as.length);
          as.set(there);
          const lies = real.of(one.path).subarray(one.page * page).subarray(0, is.length);
          is.set(lies);
          expect(held.over(one.path, is, one.page * page, lies.length)).toBe(there.length);
          expect(Buffer.compare(is, as)).toBe(0);
        }
        if ("path" in one) expect(length(one.path)).toBe(plain.of(one.path).length);
      }
      real.state.isFull = false;
      held.releaseAll();
      for (const path of paths) expect(Buffer.compare(real.of(path), plain.of(path))).toBe(0);
    }),
    { numRuns: 60 },
  );
});

it("pages that lie behind each other are written in one piece", () => {
  const { made, state, of } = files();
  const held = heldPages(made);
  for (let at = 0; at < 64; at++) held.write("/base/1", new Uint8Array(8_192).fill(at), at * 8_192);
  held.releaseAll();
  expect(state.writes).toBe(1);
  expect(of("/base/1")[63 * 8_192]).toBe(63);
});
