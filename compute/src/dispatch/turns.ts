/** Something that is done now and then, and never twice at the same time. */
export interface Turns {
  /** Asks for a turn now; asked during one, another follows it. */
  wake(): void;
  /** Takes no further turn and waits for the one under way. */
  stop(): Promise<void>;
}

/**
 * Takes a turn when woken and at least every `intervalMs`, give or take a quarter so that processes do not fall into step.
 * `take` must not throw. `random` gives numbers in [0, 1).
 */
export function createTurns(take: () => Promise<void>, intervalMs: number, random: () => number): Turns {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let woken = false;
  let stopped = false;

  const rest = () => {
    timer = setTimeout(wake, intervalMs * (0.75 + random() / 2));
  };
  const run = async () => {
    do {
      woken = false;
      await take();
    } while (woken && !stopped);
    running = undefined;
    if (!stopped) rest();
  };
  const wake = () => {
    woken = true;
    if (running !== undefined || stopped) return;
    clearTimeout(timer);
    running = run();
  };
  rest();
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
