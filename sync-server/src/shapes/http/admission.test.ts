import { expect, it } from "vitest";
import { RequestRefused } from "../refusal.ts";
import { Admission } from "./admission.ts";

it("counts each kind by itself until a request leaves, once", () => {
  const admission = new Admission({ initialMax: 1, existingMax: 2 }, () => 0.99);
  const initial = admission.enter("initial");
  const existing = admission.enter("existing");
  expect(() => admission.enter("initial")).toThrow(RequestRefused);
  initial.answered();
  expect(admission.current).toEqual({ initial: 0, existing: 2 });
  const second = admission.enter("initial");
  second.answered();
  expect(admission.current).toEqual({ initial: 1, existing: 2 });
  for (const permit of [initial, initial, existing, second]) permit.leave();
  initial.answered();
  expect(admission.current).toEqual({ initial: 0, existing: 0 });
});

it("tells the refused to come back at different times", () => {
  const times = [0, 0.5, 0.999].map((random) => {
    try {
      new Admission({ initialMax: 0, existingMax: 0 }, () => random).enter("existing");
    } catch (error) {
      if (error instanceof RequestRefused) return [error.status, error.retryAfterSeconds, error.knownError, error.body];
    }
    return [];
  });
  const body = { code: "concurrent_request_limit_exceeded", message: "Concurrent existing request limit exceeded (limit: 0), please retry" };
  expect(times).toEqual([6, 8, 10].map((seconds) => [503, seconds, true, body]));
});
