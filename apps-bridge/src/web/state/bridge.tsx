import { SaldoError } from "@saldo/schema";
import { createContext, use, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import type { BridgeClient } from "../../bridge/client.ts";
import type { SaldoMethods } from "../../bridge/contract/index.ts";
import type { CallName, ParamsIn, ResultOut, ValueOut, WatchName } from "../../bridge/methods.ts";
import { answerStore, type Answer, type AnswerStore } from "./answer-store.ts";

/** The core as a screen sees it. */
export type Core = BridgeClient<SaldoMethods>;

const CoreContext = createContext<Core | undefined>(undefined);

/** Gives the core to what is inside. */
export function CoreProvider({ core, children }: { readonly core: Core; readonly children: ReactNode }) {
  return <CoreContext value={core}>{children}</CoreContext>;
}

/** The core. Throws outside of its provider. */
export function useCore(): Core {
  const core = use(CoreContext);
  if (core === undefined) throw new Error("no core around this component");
  return core;
}

/** A value that is coming, is here, or cannot be had. An old value stays while a new one is on its way. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly error: SaldoError | undefined;
  retry(): void;
}

/** Follows a live value. Parameters are compared by their JSON. */
export function useWatch<K extends WatchName<SaldoMethods>>(name: K, params: ParamsIn<SaldoMethods[K]>): Loaded<ValueOut<SaldoMethods[K]>> {
  const core = useCore();
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify(params);
  const store = useMemo(() => watchStore(core, name, key, attempt), [core, name, key, attempt]);
  return useLoaded(store, () => setAttempt(attempt + 1));
}

/** Reads once, and again whenever `version` changes. */
export function useRead<K extends CallName<SaldoMethods>>(name: K, params: ParamsIn<SaldoMethods[K]>, version = 0): Loaded<ResultOut<SaldoMethods[K]>> {
  const core = useCore();
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify(params);
  const store = useMemo(() => readStore(core, name, key, `${version}.${attempt}`), [core, name, key, version, attempt]);
  return useLoaded(store, () => setAttempt(attempt + 1));
}

function useLoaded<Value>(store: AnswerStore<Value>, retry: () => void): Loaded<Value> {
  const answer = useSyncExternalStore(store.subscribe, store.read);
  const [last, setLast] = useState<Value>();
  if (answer.value !== undefined && answer.value !== last) setLast(() => answer.value);
  return { value: answer.value ?? last, error: answer.error, retry };
}

/** One store an attempt: a new attempt asks anew. */
function watchStore<K extends WatchName<SaldoMethods>>(core: Core, name: K, key: string, _attempt: number): AnswerStore<ValueOut<SaldoMethods[K]>> {
  return answerStore((tell) => core.watch(name, JSON.parse(key), { next: (value) => tell({ value }), failed: (error) => tell({ error }) }));
}

function readStore<K extends CallName<SaldoMethods>>(core: Core, name: K, key: string, _turn: string): AnswerStore<ResultOut<SaldoMethods[K]>> {
  return answerStore((tell) => {
    const abort = new AbortController();
    const ask = async (): Promise<Answer<ResultOut<SaldoMethods[K]>>> => {
      try {
        return { value: await core.call(name, JSON.parse(key), { signal: abort.signal }) };
      } catch (thrown) {
        return { error: saldoErrorOf(thrown) };
      }
    };
    void ask().then((answer) => abort.signal.aborted || tell(answer));
    return () => abort.abort();
  });
}

/** Runs one change at a time and tells how it is going. */
export function useAction<Args extends readonly unknown[]>(run: (...args: Args) => Promise<void>) {
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<SaldoError>();
  const start = async (...args: Args): Promise<void> => {
    if (running) return;
    setRunning(true);
    setError(undefined);
    try {
      await run(...args);
    } catch (thrown) {
      setError(saldoErrorOf(thrown));
    } finally {
      setRunning(false);
    }
  };
  return { running, error, start: (...args: Args) => void start(...args) };
}

/** Whatever was thrown as an error the screens can tell. */
export function saldoErrorOf(thrown: unknown): SaldoError {
  return thrown instanceof SaldoError ? thrown : new SaldoError("bridge.internal", {}, { cause: thrown });
}

const nothing = {};

/** The number that grows whenever lists may have changed. */
export function useTransactionsVersion(): number {
  return useWatch("transactions.watch", nothing).value?.version ?? 0;
}
