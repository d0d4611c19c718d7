import fc from "fast-check";
import { expect, it } from "vitest";
import { JsonWriter } from "./json-writer.ts";

const written = (writer: JsonWriter): string => writer.bytes.toString("utf8", 0, writer.length);
const everyAscii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));

it("escapes as JSON.stringify does", () => {
  const writer = new JsonWriter();
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constant(everyAscii), fc.string({ unit: "grapheme" })), (text) => {
      const source = Buffer.from(`..${text}.`);
      writer.clear().ascii('"').text(source, 2, source.length - 3).raw(Buffer.from('"'));
      expect(written(writer)).toBe(JSON.stringify(text));
    }),
  );
});

it("doubles slashes in keys", () => {
  const source = Buffer.from('a/b//"c"');
  expect(written(new JsonWriter().keyText(source, 0, source.length))).toBe('a//b////\\"c\\"');
});

it("takes texts of any length and lets their memory go", () => {
  const writer = new JsonWriter();
  const long = Buffer.alloc(3_000_001, "\u0001й");
  writer.clear().text(long, 0, long.length);
  expect(writer.length).toBe(JSON.stringify(long.toString()).length - 2 + (long.toString().length / 2 | 0));
  expect(writer.clear().bytes.length).toBeLessThan(1_000_000);
});
