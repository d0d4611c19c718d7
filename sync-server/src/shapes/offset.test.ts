import { describe, expect, it } from "vitest";
import { compareOffsets, formatLsn, formatOffset, parseLsn, parseOffset } from "./offset.ts";

describe("offsets", () => {
  it("reads the four forms and nothing else", () => {
    expect(parseOffset("-1")).toEqual({ kind: "start" });
    expect(parseOffset("now")).toEqual({ kind: "now" });
    expect(parseOffset("0_inf")).toEqual({ kind: "after", offset: { tx: 0n, op: Infinity } });
    expect(parseOffset("18446744073709551615_3")).toEqual({ kind: "after", offset: { tx: 18_446_744_073_709_551_615n, op: 3 } });
    for (const text of ["", "1", "-2", "1_", "_1", "1_-1", "18446744073709551616_0", "1_1_1", "0x1_1", " 1_1", "1_infinity", "1_1e3"]) expect(parseOffset(text)).toBeUndefined();
  });

  it("orders by transaction, then operation, with inf last", () => {
    const texts = ["0_0", "0_7", "0_inf", "4294967295_9", "4294967296_0", "18446744073709551615_0"];
    const offsets = texts.flatMap((text) => {
      const parsed = parseOffset(text);
      return parsed?.kind === "after" ? [parsed.offset] : [];
    });
    expect(offsets.toReversed().toSorted(compareOffsets).map(formatOffset)).toEqual(texts);
  });

  it("converts LSNs across the 32-bit border", () => {
    for (const text of ["0/0", "0/FFFFFFFF", "1/0", "FFFFFFFF/FFFFFFFF"]) expect(formatLsn(parseLsn(text))).toBe(text);
    expect(parseLsn("1/0") - parseLsn("0/FFFFFFFF")).toBe(1n);
    expect(() => parseLsn("1")).toThrow();
  });
});
