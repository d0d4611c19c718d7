import { SaldoError } from "@saldo/schema";
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import type { BridgeClient } from "../../bridge/client.ts";
import type { SaldoMethods } from "../../bridge/contract/index.ts";
import type { ParamsIn, ResultOut, ValueOut, CallName, WatchName } from "../../bridge/methods.ts";

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
  const [value, setValue] = useState<ValueOut<SaldoMethods[K]>>();
  const [error, setError] = useState<SaldoError>();
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify(params);
  useEffect(() => {
    setError(undefined);
    return core.watch(name, params, { next: (next) => setValue(() => next), failed: setError });
    // The key stands for the parameters.
  }, [core, name, key, attempt]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { value, error, retry };
}

/** Reads once, and again whenever `version` changes. */
export function useRead<K extends CallName<SaldoMethods>>(
  name: K,
  params: ParamsIn<SaldoMethods[K]>,
  version: unknown = 0,
): Loaded<ResultOut<SaldoMethods[K]>> {
  const core = useCore();
  const [value, setValue] = useState<ResultOut<SaldoMethods[K]>>();
  const [error, setError] = useState<SaldoError>();
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify(params);
  useEffect(() => {
    const abort = new AbortController();
    core.call(name, params, { signal: abort.signal }).then(
      (result) => {
        if (!abort.signal.aborted) setValue(() => result);
      },
      (thrown: unknown) => {
        if (!abort.signal.aborted) setError(saldoErrorOf(thrown));
      },
    );
    return () => abort.abort();
  }, [core, name, key, version, attempt]);
  const retry = useCallback(() => {
    setError(undefined);
    setAttempt((count) => count + 1);
  }, []);
  return { value, error, retry };
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
  return { running, error, start: (...args: Args) => void start(...args), clear: () => setError(undefined) };
}

/** Whatever was thrown as an error the screens can tell. */
export function saldoErrorOf(thrown: unknown): SaldoError {
  return thrown instanceof SaldoError ? thrown : new SaldoError("bridge.internal", {}, { cause: thrown });
}

/** The number that grows whenever lists may have changed. */
export function useTransactionsVersion(): number {
  const { value } = useWatch("transactions.watch", useMemo(() => ({}), []));
  return value?.version ?? 0;
}
