import type { Clock } from "./ports.ts";

/** Longest wait for the head of an answer and for each next piece of it; beyond it the connection counts as dead. */
const waitMsMax = 60_000;

/**
 * A fetch whose answers come piece by piece within a bound, or fail. A request that went into a dead connection is answered by nobody, and the system may
 * take a quarter of an hour to say so, while other connections of the device go on. Only waiting counts: who reads slowly is not the server's silence.
 */
export function boundedAnswers(clock: Pick<Clock, "nowMs" | "sleep">, fetchClient: typeof fetch): typeof fetch {
  // Called as a plain function: a browser's fetch knows no other receiver.
  return async (input, init) => {
    const wait = boundedWait(clock, init?.signal ?? undefined);
    const { signal } = wait;
    wait.begin();
    let response: Response;
    try {
      response = await fetchClient(input, { ...init, signal });
    } catch (error) {
      wait.close();
      throw error;
    }
    if (response.body === null) {
      wait.close();
      return response;
    }
    wait.end();
    const reader = response.body.getReader();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        wait.begin();
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          wait.close();
          controller.close();
        } catch (error) {
          wait.close();
          throw error;
        } finally {
          wait.end();
        }
      },
      cancel(reason) {
        wait.close();
        return reader.cancel(reason);
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

/**
 * Waits one after another, each within {@link waitMsMax}, or `signal` aborts; it also aborts with `outer`. One sleep outlasts many of them, for an
 * answer may have ten thousand pieces; `close` ends it.
 */
function boundedWait(clock: Pick<Clock, "nowMs" | "sleep">, outer: AbortSignal | undefined) {
  const late = new AbortController();
  const closed = new AbortController();
  const over = outer ? AbortSignal.any([outer, closed.signal]) : closed.signal;
  let wait: { readonly beganMs: number } | undefined;
  let isWatching = false;
  const watch = async () => {
    isWatching = true;
    while (wait && !over.aborted) {
      const watched = wait;
      const leftMs = watched.beganMs + waitMsMax - clock.nowMs();
      // A clock that was set back must not make it longer.
      await clock.sleep(Math.max(0, Math.min(leftMs, waitMsMax)), over);
      if (wait === watched && !over.aborted) return late.abort();
    }
    isWatching = false;
  };
  return {
    signal: outer ? AbortSignal.any([outer, late.signal]) : late.signal,
    begin() {
      wait = { beganMs: clock.nowMs() };
      if (!isWatching) void watch();
    },
    end: () => void (wait = undefined),
    close: () => closed.abort(),
  };
}
