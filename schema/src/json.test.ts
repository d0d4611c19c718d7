import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, compareBytewise, type JsonValue } from "./json.ts";

describe("canonical JSON", () => {
  it("sorts keys at every depth", () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: "я" })).toBe('{"a":"я","b":[{"a":null,"z":1}]}');
  });

  it("gives equal text to equal values and reads back to them", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const plain: JsonValue = JSON.parse(JSON.stringify(value));
        const text = canonicalJson(plain);
        expect(JSON.parse(text)).toEqual(plain);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it("refuses numbers JSON has no text for", () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
  });
});

describe("bytewise order", () => {
  it("is the order of UTF-8 bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        fc.pre(Buffer.from(a).toString() === a && Buffer.from(b).toString() === b);
        expect(Math.sign(compareBytewise(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});
