import { expect, test } from "vitest";
import { RawLines } from "./raw-lines.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([["\n"], ["\r\n"], ["\r"]])("lines ended by %j are found by number", (end) => {
  const raw = new RawLines(encode(["first", "", "third", "last"].join(end)), "utf-8", 0);
  expect([...raw.textOf([1, 3, 4])]).toEqual([[1, "first"], [3, "third"], [4, "last"]]);
});

test("a file larger than a piece, in another encoding, after a mark", () => {
  const line = "я".repeat(999);
  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, ...encode(`${line}\r\n`.repeat(1200))]);
  const texts = new RawLines(bytes, "utf-8", 3).textOf([700, 1200]);
  expect([texts.get(700), texts.get(1200)]).toEqual([line, line]);
});

test("nothing asked, nothing read", () => {
  expect(new RawLines(encode("a\nb"), "utf-8", 0).textOf([]).size).toBe(0);
});
