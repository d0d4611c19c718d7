import type { SaldoError } from "@saldo/schema";
import { useCallback, useEffect, useRef, useState } from "react";
import type { TransactionFilter, TransactionRow } from "../../../bridge/contract/transactions.ts";
import { saldoErrorOf, useCore, type Core } from "../../state/bridge.tsx";

/** Rows asked for at a time. */
const pageRows = 200;

/** Sums of a whole filter in one currency; both positive. */
export interface Totals {
  readonly currency: string;
  readonly inMinor: number;
  readonly outMinor: number;
}

/** The part of a list that has arrived, with the count and the sums of all of it. */
export interface Pages {
  readonly rows: readonly TransactionRow[];
  readonly nextCursor: string | null;
  readonly totalCount: number;
  readonly totals: readonly Totals[];
}

/** A list that grows as it is scrolled; after a change as much of it as was in sight is read again. */
export function useTransactionPages(filter: TransactionFilter, version: number) {
  const core = useCore();
  const [pages, setPages] = useState<Pages>();
  const [error, setError] = useState<SaldoError>();
  const [attempt, setAttempt] = useState(0);
  const running = useRef<AbortController>(undefined);
  const shown = useRef({ key: "", rows: 0 });
  const key = JSON.stringify(filter);

  const load = useCallback(
    (from: Pages | undefined, rowsWanted: number) => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      fetchPages(core, JSON.parse(key), from, rowsWanted, abort.signal).then(
        (loaded) => {
          if (abort.signal.aborted) return;
          running.current = undefined;
          shown.current = { key, rows: loaded.rows.length };
          setPages(loaded);
        },
        (thrown: unknown) => {
          if (abort.signal.aborted) return;
          running.current = undefined;
          setError(saldoErrorOf(thrown));
        },
      );
    },
    [core, key],
  );

  useEffect(() => {
    setError(undefined);
    load(undefined, shown.current.key === key ? Math.max(pageRows, shown.current.rows) : pageRows);
    return () => running.current?.abort();
  }, [load, key, version, attempt]);

  const more = useCallback(() => {
    if (pages !== undefined && pages.nextCursor !== null && running.current === undefined) load(pages, pages.rows.length + pageRows);
  }, [pages, load]);
  return { pages, error, more, retry: () => setAttempt((count) => count + 1) };
}

async function fetchPages(core: Core, filter: TransactionFilter, from: Pages | undefined, rowsWanted: number, signal: AbortSignal): Promise<Pages> {
  let pages = from;
  do {
    const page = await core.call("transactions.list", { filter, cursor: pages?.nextCursor ?? null, limit: pageRows }, { signal });
    pages = { ...page, rows: [...(pages?.rows ?? []), ...page.rows] };
  } while (pages.nextCursor !== null && pages.rows.length < rowsWanted);
  return pages;
}
