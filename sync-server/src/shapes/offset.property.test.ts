import * as fc from "fast-check";
import { expect, it } from "vitest";
import { compareOffsets, formatLsn, formatOffset, parseLsn, parseOffset } from "./offset.ts";

const seed = 20_261_125;
const lsn = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.constantFrom(0n, 0xffff_ffffn, 0x1_0000_0000n, (1n << 53n) - 1n, 1n << 53n, (1n << 53n) + 1n, (1n << 64n) - 1n));
const operation = fc.oneof(fc.nat(), fc.constant(Infinity));
const offset = fc.record({ tx: lsn, op: operation });

it(`keeps positions exact over all 64 bits (seed ${seed})`, () => {
  fc.assert(
    fc.property(lsn, offset, offset, (position, a, b) => {
      expect(parseLsn(formatLsn(position))).toBe(position);
      expect(parseOffset(formatOffset(a))).toEqual({ kind: "after", offset: a });
      const sign = a.tx === b.tx ? Math.sign(a.op === b.op ? 0 : a.op - b.op) : a.tx < b.tx ? -1 : 1;
      expect(Math.sign(compareOffsets(a, b))).toBe(sign);
    }),
    { seed, numRuns: 1_000 },
  );
});
