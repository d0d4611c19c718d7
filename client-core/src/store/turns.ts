import { SaldoError } from "@saldo/schema";

/** Most operations waiting for their turn on one database. */
const turnsWaitingMax = 10_000;
/** Most of the others that one who lets others go first lets go, one after another. */
const letGoFirstMax = 50;

/** Who takes a turn: what a screen waits for goes before what is done beside it, in the background. */
export type TurnKind = "screen" | "background";

/** Lets work run one piece at a time: of each kind in the order asked for. */
export interface Turns {
  /** Runs the work when its turn comes. Rejects with `store.queue_full` beyond the maximum. */
  take<Result>(work: () => Promise<Result>, kind?: TurnKind): Promise<Result>;
  /** Runs the work once nobody waits any more. */
  takeLast<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** A new queue of turns. */
export function createTurns(): Turns {
  const waiting: Record<TurnKind | "last", (() => void)[]> = { screen: [], background: [], last: [] };
  let isRunning = false;
  let letGoFirst = 0;

  const next = (): void => {
    const { screen, background, last } = waiting;
    const isBackgroundDue = background.length > 0 && (screen.length === 0 || letGoFirst >= letGoFirstMax);
    letGoFirst = isBackgroundDue || background.length === 0 ? 0 : letGoFirst + 1;
    const begin = (isBackgroundDue ? background : screen).shift() ?? last.shift();
    isRunning = begin !== undefined;
    begin?.();
  };
  const enqueue = <Result>(work: () => Promise<Result>, kind: TurnKind | "last"): Promise<Result> =>
    new Promise((resolve, reject) => {
      waiting[kind].push(() => void Promise.resolve().then(work).finally(next).then(resolve, reject));
      if (!isRunning) next();
    });
  return {
    take(work, kind = "screen") {
      if (waiting.screen.length + waiting.background.length >= turnsWaitingMax) return Promise.reject(new SaldoError("store.queue_full", { waitingMax: turnsWaitingMax }));
      return enqueue(work, kind);
    },
    takeLast: (work) => enqueue(work, "last"),
  };
}
