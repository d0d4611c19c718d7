import type { TokenAnswer } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { createTokens } from "./tokens.ts";

const answer: TokenAnswer = { token: "t", expiresAt: "2100-01-01T00:00:00.000Z", user: { id: "u", email: "e", name: "n" }, workspaces: [] };

/** A source that answers when told to, and keeps the signals it was asked with. */
function slowSource() {
  const signals: AbortSignal[] = [];
  let answerNow: () => void = () => undefined;
  const source = {
    token: (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<TokenAnswer>((resolve, reject) => {
        answerNow = () => resolve(answer);
        signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      });
    },
  };
  return { source, signals, answerNow: () => answerNow() };
}

let passTime = (): void => undefined;
const clock = {
  nowMs: () => 0,
  sleep: (_delayMs: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      passTime = resolve;
      signal.addEventListener("abort", () => resolve());
    }),
};

describe("a token asked for by several at once", () => {
  it("still comes for the others when the first gives up", async () => {
    const { source, signals, answerNow } = slowSource();
    const tokens = createTokens(source, clock);
    const [first, second] = [new AbortController(), new AbortController()];
    const [one, two] = [tokens.current(first.signal), tokens.current(second.signal)];
    first.abort();
    await expect(one).rejects.toMatchObject({ name: "AbortError" });
    expect(signals[0]?.aborted).toBe(false);
    answerNow();
    expect(await two).toBe(answer);
    expect(signals).toHaveLength(1);
  });

  it("is given up when it does not come, and asked anew for the next", async () => {
    const { source, answerNow } = slowSource();
    const tokens = createTokens(source, clock);
    const lost = tokens.current(new AbortController().signal);
    passTime();
    await expect(lost).rejects.toMatchObject({ name: "AbortError" });
    const next = tokens.current(new AbortController().signal);
    answerNow();
    expect(await next).toBe(answer);
  });

  it("is given up when nobody waits any more, and asked anew for the next", async () => {
    const { source, signals, answerNow } = slowSource();
    const tokens = createTokens(source, clock);
    const only = new AbortController();
    const one = tokens.current(only.signal);
    only.abort();
    await expect(one).rejects.toMatchObject({ name: "AbortError" });
    expect(signals[0]?.aborted).toBe(true);
    const next = tokens.current(new AbortController().signal);
    answerNow();
    expect(await next).toBe(answer);
    expect(signals).toHaveLength(2);
  });
});
