import { asError } from "./task-fault.ts";

/** Room for tasks that compute. */
export interface Places {
  /** Waits for a place, in the order of asking, though behind all who ask `first`; gives what hands it back, once however often it is called. */
  take(first?: boolean): Promise<() => void>;
}

/** How much room there is. */
export interface PlaceRules {
  readonly count: number;
  /** A place that is held longer goes to the next all the same: a task that never ends must not stand in the way of others. */
  readonly heldMsMax: number;
}

/**
 * Lets no more tasks compute at once than there are places. Tasks that share a core push each other's rows out of its cache and all end late; one after
 * another they need less of it, and the first has its models asked while the next computes.
 */
export function createPlaces({ count, heldMsMax }: PlaceRules): Places {
  let free = count;
  type Waiting = (giveBack: () => void) => void;
  const [firstWaiting, waiting]: [Waiting[], Waiting[]] = [[], []];
  const hold = (): (() => void) => {
    let held = true;
    const giveBack = () => {
      if (!held) return;
      held = false;
      clearTimeout(timer);
      const next = firstWaiting.shift() ?? waiting.shift();
      if (next === undefined) free++;
      else next(hold());
    };
    const timer = setTimeout(giveBack, heldMsMax);
    timer.unref();
    return giveBack;
  };
  return {
    take(first = false) {
      if (free === 0) return new Promise((resolve) => (first ? firstWaiting : waiting).push(resolve));
      free--;
      return Promise.resolve(hold());
    },
  };
}

/** A place, unless the signal is aborted before it comes: then this rejects with its reason, and the place goes to the next. */
export function takeWhileWanted(places: Places, signal: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(asError(signal.reason));
    signal.addEventListener("abort", onAbort);
    const handOver = async () => {
      const giveBack = await places.take();
      signal.removeEventListener("abort", onAbort);
      if (signal.aborted) giveBack();
      else resolve(giveBack);
    };
    void handOver();
  });
}

/** The places one task has and waits for. */
export interface TaskPlaces {
  /** Asks for one, or hands back the one that was taken first. */
  tell(wanted: boolean): void;
  /** Hands back all, those still to come among them. Idempotent. */
  end(): void;
}

/**
 * Keeps the places of a task; `grant` tells it of each it gets. Its first part goes before later parts of others: what it asks others then is answered while those
 * compute.
 */
export function placesOfTask(places: Places, grant: () => void): TaskPlaces {
  const held: (() => void)[] = [];
  let asks = 0;
  let ended = false;
  const takeOne = async () => {
    const giveBack = await places.take(asks++ === 0);
    if (ended) return giveBack();
    held.push(giveBack);
    grant();
  };
  return {
    tell(wanted) {
      if (!wanted) return held.shift()?.();
      void takeOne();
    },
    end() {
      ended = true;
      for (const giveBack of held.splice(0)) giveBack();
    },
  };
}
