import { buildForecastReport } from "@saldo/client-core/forecast";
import { monthlyTotals } from "@saldo/client-core/reports";
import { addMonths, forecastParameters, monthOf } from "@saldo/schema";
import type { JobHandler } from "../jobs/job-work.ts";

const progressWhenRead = 500;

/**
 * Kind `generate_forecast`: the forecast of a workspace, by the code a device runs and in the currency its dashboard has. Too short a
 * history is a result (`not_enough_data`), not a failure.
 */
export const forecastJob: JobHandler = async ({ workspaceId, parameters, database, nowMs, progress }) => {
  const { horizonMonths } = forecastParameters.parse(parameters);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const { currency, months } = await database.snapshot((reader) => monthlyTotals(reader, { workspaceId, today }));
  await progress(progressWhenRead);
  const complete = months.filter((month) => month.complete);
  const asOfMonth = complete.at(-1)?.month ?? addMonths(monthOf(today), -1);
  const result = buildForecastReport({ currency, horizonMonths, months: complete, asOfMonth });
  return { results: [{ kind: "forecast", version: result.version, result }] };
};
