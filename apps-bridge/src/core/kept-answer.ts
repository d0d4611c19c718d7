import type { Core } from "./core.ts";
import type { BooksView } from "./live-books.ts";

/** Keeps what costs a pass over the rows until one of the tables changes or other books are opened. */
export function keptAnswer<Answer>(core: Core, tables: readonly string[], compute: (view: BooksView) => Promise<Answer>): (view: BooksView) => Promise<Answer> {
  let kept: { readonly today: string; readonly answer: Answer } | undefined;
  let changes = 0;
  let stop = () => {};
  const forget = () => {
    kept = undefined;
    changes += 1;
  };
  const follow = () => {
    stop();
    forget();
    stop = core.session().signedIn ? core.opened().books.database.onCommit((changed) => tables.some((table) => changed.has(table)) && forget()) : () => {};
  };
  core.onOpened(follow);
  follow();
  return async (view) => {
    if (kept?.today === view.today) return kept.answer;
    const asked = changes;
    const answer = await compute(view);
    if (asked === changes) kept = { today: view.today, answer };
    return answer;
  };
}
