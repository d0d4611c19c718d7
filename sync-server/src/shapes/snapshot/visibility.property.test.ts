import * as fc from "fast-check";
import { expect, it } from "vitest";
import { formatSnapshot, isInSnapshot, parseSnapshot } from "./visibility.ts";

const seed = 20_261_124;
const xidSpace = 1n << 32n;
/** Postgres keeps every transaction that is still of interest within half the space of ids. */
const nearMax = (1n << 31n) - 1n;

/** Ids around the points where 32 bits wrap, and anywhere. */
const fullXid = fc.oneof(
  fc.tuple(fc.bigInt({ min: 1n, max: 8n }), fc.bigInt({ min: -20n, max: 20n })).map(([epoch, near]) => epoch * xidSpace + near),
  fc.bigInt({ min: nearMax + 1n, max: (1n << 62n) - 1n }),
);

/** A snapshot and transactions before, in and after it; each is given with its whole id. */
const scene = fc
  .record({ xmin: fullXid, running: fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 3n }), fc.boolean()), { maxLength: 12 }), insertLsn: fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }) })
  .chain(({ xmin, running, insertLsn }) => {
    let next = xmin;
    const xip: bigint[] = [];
    for (const [gap, inProgress] of running) {
      next += gap + 1n;
      if (inProgress) xip.push(next);
    }
    const xmax = next + 1n;
    const offsets = fc.oneof(fc.bigInt({ min: -30n, max: 30n }), fc.constantFrom(-nearMax, nearMax - 1n));
    return fc.tuple(fc.constant({ xmin, xmax, xip, lsn: insertLsn, flushLsn: insertLsn }), fc.array(fc.tuple(offsets.map((offset) => xmax + offset), fc.boolean()), { minLength: 1, maxLength: 20 }));
  });

it(`sees exactly what Postgres' own rule sees, wherever 32-bit ids wrap (seed ${seed})`, () => {
  fc.assert(
    fc.property(scene, ([snapshot, transactions]) => {
      for (const [full, committedBefore] of transactions) {
        const commitLsn = committedBefore ? snapshot.lsn - 1n : snapshot.lsn;
        const seen = committedBefore && (full < snapshot.xmin || (full < snapshot.xmax && !snapshot.xip.includes(full)));
        expect(isInSnapshot(snapshot, Number(BigInt.asUintN(32, full)), commitLsn)).toBe(seen);
      }
      expect(parseSnapshot(formatSnapshot(snapshot), snapshot.lsn, snapshot.flushLsn)).toEqual(snapshot);
    }),
    { seed, numRuns: 2_000 },
  );
});
