import { expect, it } from "vitest";
import { poolSize, type PoolLoad } from "./pool-size.ts";

const rules = { min: 3, max: 5, waitMsMax: 2_000, growAfterMs: 5_000, shrinkAfterMs: 60_000 };
const size = (load: Partial<PoolLoad>) => poolSize({ size: 4, waitMs: 0, steadyMs: 3_600_000, quietMs: 0, ...load }, rules);

it("grows by one while a job has waited too long, and gives each new process time to help", () => {
  expect([size({ waitMs: 2_001 }), size({ waitMs: 2_000 }), size({ waitMs: 60_000, steadyMs: 4_999 })]).toEqual([5, 4, 4]);
});

it("shrinks by one after a quiet while", () => {
  expect([size({ quietMs: 60_000 }), size({ quietMs: 59_999 }), size({ quietMs: 600_000, steadyMs: 59_999 })]).toEqual([3, 4, 4]);
});

it("stays within its bounds", () => {
  expect([size({ size: 5, waitMs: 60_000 }), size({ size: 3, quietMs: 600_000 }), size({ size: 0 }), size({ size: 9 })]).toEqual([5, 3, 3, 5]);
});
