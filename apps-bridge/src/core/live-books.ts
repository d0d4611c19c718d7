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
}

/**
 * Keeps a value of the open books live: again after each commit that touches its tables, and from the start when other books are opened.
 * While none are open it says nothing. Returns how to stop it.
 */
export function watchBooks<Value>(
  core: Core,
  tables: readonly string[],
  query: (view: BooksView) => Promise<Value>,
  { next, fail }: Pick<WatchContext<Value>, "next" | "fail">,
): () => void {
  let stopQuery = () => {};
  const begin = () => {
    stopQuery();
    stopQuery = () => {};
    if (!core.session().signedIn) return;
    const { books } = core.opened();
    const run = async (reader: SqlReader) => {
      const { workspaceId } = await books.recordContext();
      return query({ reader, books, workspaceId, today: books.today() });
    };
    stopQuery = live(books.database, tables, run, next, fail);
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
  return books.database.snapshot((reader) => query({ reader, books, workspaceId, today: books.today() }));
}
