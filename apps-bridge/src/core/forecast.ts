import { readRows } from "@saldo/client-core/store";
import { sql } from "drizzle-orm";
import type { ForecastView } from "../bridge/contract/forecast.ts";
import type { Core } from "./core.ts";
import { latestForecast } from "./latest-forecast.ts";
import { watchBooks, type BooksView } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

const tables = ["transaction", "import", "category", "workspace", "report_result", "job"];

/** Forecasts: the newest of the cloud's while no data came after it, else the device's own, computed at once. */
export function forecastHandlers(core: Core): HandlersOf<"forecast"> {
  return {
    "forecast.watch": (_params, context) =>
      Promise.resolve(watchBooks(core, tables, async (view) => ({ latest: await latestForecast(view), request: await openRequest(view) }), context)),
    async "forecast.request"({ horizonMonths }) {
      const { books } = core.opened();
      const jobId = books.ids.next();
      await books.record("job.request", { jobId, kind: "generate_forecast", parameters: { horizonMonths }, requestedAt: books.nowInstant() });
      return { jobId };
    },
  };
}

async function openRequest({ reader, workspaceId }: BooksView): Promise<ForecastView["request"]> {
  const [job] = await readRows(
    reader,
    "job",
    sql`where "workspace_id" = ${workspaceId} and "kind" = 'generate_forecast' order by "requested_at" desc, "id" desc limit 1`,
  );
  if (!job || job.status === "done" || job.status === "cancelled") return null;
  const state = job.status === "requested" ? "waiting" : job.status === "running" ? "running" : "failed";
  return { jobId: job.id, state, requestedAt: job.requestedAt, errorCode: job.errorCode };
}
