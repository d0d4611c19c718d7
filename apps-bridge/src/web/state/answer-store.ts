import type { SaldoError } from "@saldo/schema";

/** A value that is here, cannot be had, or is still coming (neither). */
export interface Answer<Value> {
  readonly value?: Value;
  readonly error?: SaldoError;
}

/** Something outside of React that components follow. */
export interface AnswerStore<Value> {
  subscribe(listener: () => void): () => void;
  read(): Answer<Value>;
}

/** A store that asks when the first component follows it and stops asking when none does. `start` returns how to stop. */
export function answerStore<Value>(start: (tell: (answer: Answer<Value>) => void) => () => void): AnswerStore<Value> {
  const listeners = new Set<() => void>();
  let answer: Answer<Value> = {};
  let stop: (() => void) | undefined;
  const tell = (next: Answer<Value>): void => {
    answer = next;
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      stop ??= start(tell);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    read: () => answer,
  };
}
