/** A queue or a worker of BullMQ, which connects by itself. */
export interface Connecting {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
}

/** A worker of BullMQ. */
export interface Running extends Connecting {
  /** Resolves when it was closed, rejects when it cannot go on. */
  run(): Promise<void>;
}

/** How long starting may take, and what to do between two tries. */
export interface StartPatience {
  readonly startMsMax: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly onError: (error: Error) => void;
}

const startsMax = 4;
const startAgainMs = 200;
const startAgainMsMax = 5_000;

/**
 * Makes one and waits until its store answers it. BullMQ keeps the outcome of the first connection for good: one whose connection was cut, or is
 * silent, while it starts never works, so it is closed and another one made. Throws the last failure after some tries.
 */
export async function started<One extends Connecting>(make: () => One, patience: StartPatience): Promise<One> {
  for (let tries = 1; ; tries++) {
    const one = make();
    try {
      await inTime(one.waitUntilReady(), patience.startMsMax);
      return one;
    } catch (error) {
      one.close(true).catch(patience.onError);
      if (tries === startsMax) throw error;
      patience.onError(asError(error));
      await pause(tries, patience.random);
    }
  }
}

/** Starts a worker, and another one whenever it stops by itself. Throws when the first cannot be started. */
export async function keepWorking(make: () => Running, patience: StartPatience): Promise<Pick<Connecting, "close">> {
  let current = await started(make, patience);
  let closing = false;
  const runAll = async () => {
    for (let failures = 0; !closing; failures++) {
      await current.run().catch(patience.onError);
      if (closing) return;
      current.close(true).catch(patience.onError);
      await pause(failures, patience.random);
      const next = await started(make, patience).catch(patience.onError);
      if (next !== undefined) current = next;
      if (closing) await current.close();
    }
  };
  void runAll();
  return {
    close: (force) => {
      closing = true;
      return current.close(force);
    },
  };
}

async function inTime(work: Promise<unknown>, msMax: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => (timer = setTimeout(() => reject(new Error("the queue's store does not answer")), msMax)));
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(failures: number, random: () => number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, random() * Math.min(startAgainMsMax, startAgainMs * 2 ** Math.min(failures, 10))));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
