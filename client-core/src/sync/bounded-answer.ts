import type { Clock } from "./ports.ts";

/** Longest wait for the head of an answer and for each next piece of it; beyond it the connection counts as dead. */
const waitMsMax = 60_000;
const arrived = "arrived";

/**
 * A fetch whose answers come piece by piece within a bound, or fail. A request that went into a dead connection is answered by nobody, and the system may
 * take a quarter of an hour to say so, while other connections of the device go on. Only waiting counts: who reads slowly is not the server's silence.
 */
export function boundedAnswers(clock: Pick<Clock, "sleep">, fetchClient: typeof fetch): typeof fetch {
  // Called as a plain function: a browser's fetch knows no other receiver.
  return async (input, init) => {
    const late = new AbortController();
    const inTime = async <Result>(waiting: Promise<Result>): Promise<Result> => {
      const done = new AbortController();
      void clock.sleep(waitMsMax, done.signal).then(() => !done.signal.aborted && late.abort());
      try {
        return await waiting;
      } finally {
        // With a reason of its own, or each piece of each answer would make an error with a stack.
        done.abort(arrived);
      }
    };
    const signal = init?.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
    const response = await inTime(fetchClient(input, { ...init, signal }));
    if (response.body === null) return response;
    const reader = response.body.getReader();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await inTime(reader.read());
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}
