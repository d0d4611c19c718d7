import { expect, test } from "vitest";
import { syncOnOccasion } from "./occasions.ts";

/** A worker whose time is moved by hand; counts how often sync was told to try at once. */
function worker(state: "saved" | "offline") {
  let nowMs = 0;
  let tries = 0;
  let tick: () => void = () => undefined;
  let online: () => void = () => undefined;
  const sync = { now: () => void tries++, status: () => ({ state, pendingChanges: 0, lastSyncedAt: null, problems: [] }) };
  syncOnOccasion(() => sync, { nowMs: () => nowMs, every: (_delayMs, run) => (tick = run), onOnline: (run) => (online = run) });
  return {
    pass(ms: number) {
      nowMs += ms;
      tick();
    },
    online: () => online(),
    tries: () => tries,
  };
}

test("sync tries at once when the network is back and when the device has slept", () => {
  const one = worker("saved");
  one.pass(15_000);
  one.pass(16_000);
  expect(one.tries()).toBe(0);
  one.online();
  expect(one.tries()).toBe(1);
  one.pass(3_600_000);
  expect(one.tries()).toBe(2);
});

test("what is not saved is tried again every few minutes, what is saved is left alone", () => {
  const [saved, offline] = [worker("saved"), worker("offline")];
  for (let tick = 0; tick < 41; tick++) for (const each of [saved, offline]) each.pass(15_000);
  expect([saved.tries(), offline.tries()]).toEqual([0, 2]);
});
