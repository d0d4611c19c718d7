import { buildForecastReport } from "@saldo/client-core/forecast";
import { monthlyTotals } from "@saldo/client-core/reports";
import { readRows, type SqlReader } from "@saldo/client-core/store";
import { addMonths, forecastReport, monthOf } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { ForecastView } from "../bridge/contract/forecast.ts";
import type { Core } from "./core.ts";
import { watchBooks, type BooksView } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

const tables = ["transaction", "import", "category", "workspace", "report_result", "job"];
/** Months the device's own forecast looks ahead. */
const deviceHorizonMonths = 6;

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

async function latestForecast(view: BooksView): Promise<ForecastView["latest"]> {
  const own = await deviceForecast(view);
  const cloud = await cloudForecast(view.reader, view.workspaceId);
  const isCurrent = cloud?.report.outcome === "ok" && (own === null || own.report.outcome !== "ok" || cloud.report.asOfMonth >= own.report.asOfMonth);
  return isCurrent ? cloud : own;
}

async function cloudForecast(reader: SqlReader, workspaceId: string): Promise<ForecastView["latest"]> {
  const [row] = await readRows(
    reader,
    "report_result",
    sql`where "workspace_id" = ${workspaceId} and "kind" = 'forecast' and "computed_by" = 'cloud' order by "computed_at" desc, "id" desc limit 1`,
  );
  const report = forecastReport.safeParse(row?.result);
  return row && report.success ? { computedBy: "cloud", computedAt: row.computedAt, report: report.data } : null;
}

async function deviceForecast({ reader, books, workspaceId, today }: BooksView): Promise<ForecastView["latest"]> {
  const { currency, months } = await monthlyTotals(reader, { workspaceId, today });
  if (months.length === 0) return null;
  const complete = months.filter((month) => month.complete);
  const asOfMonth = complete.at(-1)?.month ?? addMonths(monthOf(today), -1);
  const report = buildForecastReport({ months: complete, currency, horizonMonths: deviceHorizonMonths, asOfMonth });
  return { computedBy: "device", computedAt: books.nowInstant(), report };
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
