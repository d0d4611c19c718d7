import { SaldoError } from "@saldo/schema";

/** Most operations waiting for their turn on one database. */
const turnsWaitingMax = 10_000;

/** Lets work run one piece at a time, in the order asked for. */
export interface Turns {
  /** Runs the work when its turn comes. Rejects with `store.queue_full` beyond the maximum. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** A new queue of turns. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    take(work) {
      if (waiting >= turnsWaitingMax) return Promise.reject(new SaldoError("store.queue_full", { waitingMax: turnsWaitingMax }));
      waiting++;
      const turn = last.then(work).finally(() => waiting--);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
