import { computeDashboard, readBookRange, refreshRollups } from "@saldo/client-core/reports";
import { monthOf } from "@saldo/schema";
import type { Core } from "./core.ts";
import { watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

const tables = ["transaction", "import", "category", "account", "workspace"];

/** The dashboard, live. */
export function dashboardHandlers(core: Core): HandlersOf<"dashboard"> {
  return {
    "dashboard.watch": ({ period }, context) =>
      Promise.resolve(
        watchBooks(
          core,
          tables,
          async ({ reader, workspaceId, today }) => {
            const range = await readBookRange(reader, workspaceId);
            if (range === null) return { kind: "empty" };
            const report = await computeDashboard(reader, { workspaceId, today, period: period ?? "last_complete" });
            return { kind: "report", report, months: { first: monthOf(range.first), last: monthOf(range.last) } };
          },
          context,
          (books, workspaceId) => refreshRollups(books.database, workspaceId),
        ),
      ),
  };
}
