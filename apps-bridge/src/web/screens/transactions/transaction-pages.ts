import type { SaldoError } from "@saldo/schema";
import { useMemo, useState, useSyncExternalStore } from "react";
import type { ListTotals, TransactionFilter, TransactionRow } from "../../../bridge/contract/transactions.ts";
import { saldoErrorOf, useCore, type Core } from "../../state/bridge.tsx";

/** Rows asked for at a time. */
const pageRows = 200;

/** The part of a list that has arrived, with the count and the sums of all of it. */
export interface Pages {
  readonly rows: readonly TransactionRow[];
  readonly nextCursor: string | null;
  readonly totalCount: number;
  readonly totals: readonly ListTotals[];
}

interface PageState {
  readonly pages: Pages | undefined;
  readonly error: SaldoError | undefined;
}

/** A list that grows as it is scrolled; after a change as much of it as was in sight is read again, and the old rows stay until then. */
export function useTransactionPages(filter: TransactionFilter, version: number) {
  const core = useCore();
  const [attempt, setAttempt] = useState(0);
  const key = JSON.stringify(filter);
  const list = useMemo(() => growingList(core, key), [core, key]);
  const turn = `${version}.${attempt}`;
  const subscribe = useMemo(() => list.following(turn), [list, turn]);
  const { pages, error } = useSyncExternalStore(subscribe, list.read);
  return { pages, error, more: list.more, retry: () => setAttempt(attempt + 1) };
}

/** The list of one filter, outside of React. */
function growingList(core: Core, key: string) {
  const listeners = new Set<() => void>();
  let state: PageState = { pages: undefined, error: undefined };
  let running: AbortController | undefined;
  let lastTurn = "";

  const load = async (from: Pages | undefined, rowsWanted: number): Promise<void> => {
    running?.abort();
    const abort = new AbortController();
    running = abort;
    const loaded = await settled(fetchPages(core, JSON.parse(key), from, rowsWanted, abort.signal));
    if (abort.signal.aborted) return;
    running = undefined;
    state = loaded instanceof Error ? { ...state, error: saldoErrorOf(loaded) } : { pages: loaded, error: undefined };
    for (const listener of listeners) listener();
  };
  return {
    /** A way to follow the list that reads it again when the turn is another than before. */
    following: (turn: string) => (listener: () => void) => {
      listeners.add(listener);
      if (turn !== lastTurn) void load(undefined, Math.max(pageRows, state.pages?.rows.length ?? 0));
      lastTurn = turn;
      return () => {
        listeners.delete(listener);
        running?.abort();
        running = undefined;
      };
    },
    read: () => state,
    more: () => {
      const { pages } = state;
      if (pages !== undefined && pages.nextCursor !== null && running === undefined) void load(pages, pages.rows.length + pageRows);
    },
  };
}

async function settled<Value>(work: Promise<Value>): Promise<Value | Error> {
  try {
    return await work;
  } catch (thrown) {
    return saldoErrorOf(thrown);
  }
}

async function fetchPages(core: Core, filter: TransactionFilter, from: Pages | undefined, rowsWanted: number, signal: AbortSignal): Promise<Pages> {
  let pages = from;
  do {
    const page = await core.call("transactions.list", { filter, cursor: pages?.nextCursor ?? null, limit: pageRows }, { signal });
    pages = { ...page, rows: [...(pages?.rows ?? []), ...page.rows] };
  } while (pages.nextCursor !== null && pages.rows.length < rowsWanted);
  return pages;
}
