import { buildForecastReport } from "@saldo/client-core/forecast";
import { readRows } from "@saldo/client-core/store";
import { addMonths, forecastParameters, monthOf, SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { JobHandler } from "../jobs/run-job.ts";
import { monthTotals } from "./month-totals.ts";

const progressWhenRead = 500;

/**
 * Kind `generate_forecast`: the forecast of a workspace in its own currency, by the code a device runs. Too short a history is a result
 * (`not_enough_data`), not a failure. It takes about ten milliseconds of CPU, so it runs in the worker's own thread.
 */
export const forecastJob: JobHandler = async ({ workspaceId, parameters, database, nowMs, progress }) => {
  const { horizonMonths } = forecastParameters.parse(parameters);
  const { currency, months } = await database.snapshot(async (reader) => {
    const [workspace] = await readRows(reader, "workspace", sql`where "id" = ${workspaceId}`);
    if (workspace === undefined) throw new SaldoError("job.internal", { missing: "workspace" });
    return { currency: workspace.currency, months: await monthTotals(reader, workspaceId, workspace.currency) };
  });
  await progress(progressWhenRead);
  const result = buildForecastReport({ currency, horizonMonths, months, asOfMonth: lastCompleteMonth(nowMs()) });
  return { kind: "forecast", version: result.version, result };
};

/** The month before the one an instant falls in (UTC). */
function lastCompleteMonth(atMs: number): string {
  return addMonths(monthOf(new Date(atMs).toISOString()), -1);
}
