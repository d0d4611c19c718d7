import { computeDetail, openChanges, readBookRange, readWorkspaceCurrency, refreshRollups, type FigureChange } from "@saldo/client-core/reports";
import { monthOf, type AnalysisWords } from "@saldo/schema";
import type { ChangeView } from "../bridge/contract/detail.ts";
import { readWords } from "./analysis-words.ts";
import type { Core } from "./core.ts";
import { readBooks, watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

const tables = ["transaction", "import", "category", "account", "workspace", "exchange_rate"];

/** The detail report, live. */
export function detailHandlers(core: Core): HandlersOf<"detail"> {
  return {
    "detail.watch": ({ period, currency }, context) =>
      Promise.resolve(
        watchBooks(
          core,
          tables,
          async ({ reader, workspaceId, today }) => {
            const range = await readBookRange(reader, workspaceId);
            if (range === null) return { kind: "empty" };
            const report = await computeDetail(reader, { workspaceId, today, period: period ?? "last_complete", ...(currency === undefined ? {} : { currency }) });
            return { kind: "report", report, months: { first: monthOf(range.first), last: monthOf(range.last) }, workspaceCurrency: await readWorkspaceCurrency(reader, workspaceId) };
          },
          context,
          (books, workspaceId) => refreshRollups(books.database, workspaceId),
        ),
      ),
    "detail.why": ({ period, currency, figure }) =>
      readBooks(core, async ({ reader, workspaceId, today, now }) => {
        const changes = await openChanges(reader, { workspaceId, today, period: period ?? "last_complete", ...(currency === undefined ? {} : { currency }) });
        if (changes === null) return null;
        const change = await changes.of(figure);
        const parts = change.parts.map(({ kind, name, nowMinor, beforeMinor, rows }) => ({ kind, name, nowMinor, beforeMinor, rows }));
        return { ...change, parts, inWords: saidOf(change, await readWords(reader, workspaceId, now)) };
      }),
  };
}

/** What models said of a change; nothing once any of it is another. */
function saidOf(change: FigureChange, words: AnalysisWords | null): ChangeView["inWords"] {
  if (words === null || words.currency !== change.currency) return null;
  const identity = ({ figure, now, before, nowMinor, beforeMinor }: FigureChange | AnalysisWords["changes"][number]) =>
    JSON.stringify([figure.side, figure.categoryId === undefined ? [] : [figure.categoryId], now.from, now.to, before.from, before.to, nowMinor, beforeMinor]);
  const said = words.changes.find((one) => identity(one) === identity(change));
  return said === undefined ? null : { sentences: [...said.sentences], locale: words.locale };
}
