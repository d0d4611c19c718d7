import { expect, it } from "vitest";
import { formatSnapshot, isInSnapshot, parseSnapshot } from "./visibility.ts";

it("knows which transactions a snapshot saw", () => {
  const snapshot = parseSnapshot("100:110:101,105", 5_000n, 5_000n);
  expect(formatSnapshot(snapshot)).toBe("100:110:101,105");
  const seen = [99, 100, 101, 104, 105, 109, 110, 200].filter((xid) => isInSnapshot(snapshot, xid, 4_999n));
  expect(seen).toEqual([99, 100, 104, 109]);
  expect([99, 100, 104].some((xid) => isInSnapshot(snapshot, xid, 5_000n))).toBe(false);
});

it("compares 32-bit ids around a wrap", () => {
  const epoch = 1n << 32n;
  const snapshot = { xmin: epoch - 2n, xmax: epoch + 2n, xip: [epoch - 1n], lsn: 100n, flushLsn: 100n };
  const seen = [0xffff_fffd, 0xffff_fffe, 0xffff_ffff, 0, 1, 2].filter((xid) => isInSnapshot(snapshot, xid, 99n));
  expect(seen).toEqual([0xffff_fffd, 0xffff_fffe, 0, 1]);
});
