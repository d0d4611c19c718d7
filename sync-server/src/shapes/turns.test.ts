import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { Turns } from "./turns.ts";

it("runs no more at once than it may, in the order they came, failed ones included", async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (number: number): Promise<number> =>
    turns.run(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (number === 1) throw new Error("failed");
      return number;
    });
  const all = Promise.allSettled([1, 2, 3].map(work));
  await setImmediate();
  expect(begun).toEqual([1, 2]);
  ends[0]?.();
  const late = work(4);
  await setImmediate();
  expect(begun).toEqual([1, 2, 3]);
  ends[1]?.();
  await setImmediate();
  expect(begun).toEqual([1, 2, 3, 4]);
  ends.slice(2).forEach((end) => end());
  expect((await all).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  await expect(late).resolves.toBe(4);
});
