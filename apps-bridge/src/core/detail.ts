import { computeDetail, readBookRange, readWorkspaceCurrency, refreshRollups } from "@saldo/client-core/reports";
import { monthOf } from "@saldo/schema";
import type { Core } from "./core.ts";
import { watchBooks } from "./live-books.ts";
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
  };
}
