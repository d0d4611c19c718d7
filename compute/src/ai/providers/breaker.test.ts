import { expect, it } from "vitest";
import { createBreaker } from "./breaker.ts";

function brokenAt(nowMs: () => number) {
  const breaker = createBreaker(nowMs);
  for (let failure = 0; failure < 5; failure++) breaker.failed();
  return breaker;
}

it("lets requests out until five in a row have failed", () => {
  const breaker = createBreaker(() => 0);
  for (let failure = 0; failure < 4; failure++) breaker.failed();
  breaker.succeeded();
  for (let failure = 0; failure < 4; failure++) breaker.failed();
  expect(breaker.mayTry()).toBe(true);
  breaker.failed();
  expect(breaker.mayTry()).toBe(false);
});

it("tries again with one request after a pause, and waits twice as long when it fails", () => {
  let now = 0;
  const breaker = brokenAt(() => now);
  now = 30_000;
  expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, false]);
  breaker.failed();
  now = 89_999;
  expect(breaker.mayTry()).toBe(false);
  now = 90_000;
  expect(breaker.mayTry()).toBe(true);
  breaker.succeeded();
  expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, true]);
});

it("lets another request try when the one on trial was stopped by us", () => {
  let now = 0;
  const breaker = brokenAt(() => now);
  now = 30_000;
  expect(breaker.mayTry()).toBe(true);
  breaker.undecided();
  expect(breaker.mayTry()).toBe(true);
});

it("never waits longer than a quarter of an hour, and is not closed by an answer from before it opened", () => {
  let now = 0;
  const breaker = brokenAt(() => now);
  breaker.succeeded();
  expect(breaker.mayTry()).toBe(false);
  for (let round = 0; round < 12; round++) {
    now += 15 * 60_000;
    expect(breaker.mayTry()).toBe(true);
    breaker.failed();
  }
  now += 15 * 60_000;
  expect(breaker.mayTry()).toBe(true);
});
