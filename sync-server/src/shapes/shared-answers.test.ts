import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { SharedAnswers } from "./shared-answers.ts";

it("gives everyone an answer begun after they asked, and asks once for all who wait", async () => {
  const asked: { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void }[] = [];
  const shared = new SharedAnswers(() => new Promise<string>((resolve, reject) => asked.push({ resolve, reject })));
  const first = shared.answer();
  const others = [shared.answer(), shared.answer()];
  await setImmediate();
  expect(asked).toHaveLength(1);
  asked[0]?.resolve("old");
  expect(await first).toBe("old");
  await setImmediate();
  expect(asked).toHaveLength(2);
  const late = shared.answer();
  asked[1]?.reject(new Error("failed"));
  expect((await Promise.allSettled(others)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await setImmediate();
  asked[2]?.resolve("new");
  expect(await late).toBe("new");
  await setImmediate();
  expect(shared.idle).toBe(true);
  const after = shared.answer();
  asked[3]?.resolve("newest");
  expect(await after).toBe("newest");
});
