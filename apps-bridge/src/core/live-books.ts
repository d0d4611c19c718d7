import { live, type SqlReader } from "@saldo/client-core/store";
import type { Books } from "@saldo/client-core/books";
import type { WatchContext } from "../bridge/server.ts";
import type { Core } from "./core.ts";

/** What a live query of the open books is given. */
export interface BooksView {
  readonly reader: SqlReader;
  readonly books: Books;
  readonly workspaceId: string;
  readonly today: string;
  /** The present instant. */
  readonly now: string;
}

/**
 * Keeps a value of the open books live: again after each commit that touches its tables, and from the start when other books are opened.
 * While none are open it says nothing; `prepare` runs before each time. Returns how to stop it.
 */
export function watchBooks<Value>(
  core: Core,
  tables: readonly string[],
  query: (view: BooksView) => Promise<Value>,
  { next, fail }: Pick<WatchContext<Value>, "next" | "fail">,
  prepare: (books: Books, workspaceId: string) => Promise<unknown> = () => Promise.resolve(),
): () => void {
  let stopQuery = () => {};
  const begin = () => {
    stopQuery();
    stopQuery = () => {};
    const { workspace } = core.session();
    if (workspace === undefined) return;
    const { books } = core.opened();
    // Nothing but the reader may be asked inside of a run: with one session the database itself would wait for the run to end.
    const run = (reader: SqlReader) => query({ reader, books, workspaceId: workspace.id, today: books.today(), now: books.nowInstant() });
    stopQuery = live(books.database, tables, run, next, fail, () => prepare(books, workspace.id));
  };
  const unsubscribe = core.onOpened(begin);
  begin();
  return () => {
    unsubscribe();
    stopQuery();
  };
}

/** Runs one query on the open books; all its reads see the same state. */
export async function readBooks<Value>(core: Core, query: (view: BooksView) => Promise<Value>): Promise<Value> {
  const { books } = core.opened();
  const { workspaceId } = await books.recordContext();
  return books.database.snapshot((reader) => query({ reader, books, workspaceId, today: books.today(), now: books.nowInstant() }));
}
