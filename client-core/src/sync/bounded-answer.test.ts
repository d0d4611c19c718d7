import { describe, expect, it } from "vitest";
import { boundedAnswers } from "./bounded-answer.ts";

/** A clock whose sleeps end when told, or when they are given up. */
function handClock() {
  const sleeping = new Set<() => void>();
  return {
    nowMs: () => 0,
    sleep: (_delayMs: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const end = () => {
          sleeping.delete(end);
          resolve();
        };
        sleeping.add(end);
        signal.addEventListener("abort", end, { once: true });
      }),
    pass: () => [...sleeping].forEach((end) => end()),
    sleeping,
  };
}

/** A server that sends the pieces it is given, and then nothing more unless it ends. */
function serverOf(pieces: readonly string[], ends: boolean): typeof fetch {
  return async (_input, init) => {
    const rest = [...pieces];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = rest.shift();
        if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece));
        else if (ends) controller.close();
        else if (init?.signal?.aborted === true) controller.error(new TypeError("terminated"));
        else init?.signal?.addEventListener("abort", () => controller.error(new TypeError("terminated")));
      },
    });
    return new Response(body, { status: 200, headers: { "electric-offset": "1_0" } });
  };
}

describe("an answer within bounds", () => {
  it("comes as it is sent, and leaves no clock behind", async () => {
    const clock = handClock();
    const response = await boundedAnswers(clock, serverOf(["a", "b"], true))("http://model.test/");
    expect([response.headers.get("electric-offset"), await response.text()]).toEqual(["1_0", "ab"]);
    expect(clock.sleeping.size).toBe(0);
  });

  it("fails when its head does not come, though nobody says why", async () => {
    const clock = handClock();
    const silent: typeof fetch = (_input, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new TypeError("fetch failed"))));
    const asked = boundedAnswers(clock, silent)("http://model.test/");
    clock.pass();
    await expect(asked).rejects.toThrow("fetch failed");
  });

  it("fails when it stops half way, and not because its reader takes time", async () => {
    const clock = handClock();
    const response = await boundedAnswers(clock, serverOf(["a", "b"], false))("http://model.test/");
    const reader = response.body?.getReader();
    const read = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await read()).toBe("a");
    expect(await read()).toBe("b");
    const last = read();
    // The first of the two began before this wait.
    for (let sleep = 0; sleep < 2; sleep++) {
      await expect.poll(() => clock.sleeping.size).toBe(1);
      clock.pass();
    }
    await expect(last).rejects.toThrow("terminated");
  });

  it("is given up when whoever asked gives up", async () => {
    const gone = new AbortController();
    const silent: typeof fetch = (_input, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new TypeError("aborted"))));
    const asked = boundedAnswers(handClock(), silent)("http://model.test/", { signal: gone.signal });
    gone.abort();
    await expect(asked).rejects.toThrow("aborted");
  });
});
