import { readBusiness, runForecast } from "@saldo/client-core/forecast";
import { readingOnce } from "@saldo/client-core/reports";
import { forecastParameters } from "@saldo/schema";
import type { JobHandler } from "../jobs/job-work.ts";

const progressWhenRead = 100;

/**
 * Kind `generate_forecast`: the forecast of a workspace, by the code a device runs and in the currency its dashboard has. Too short a
 * history is a result (`not_enough_data`), not a failure. Stops between two series when nobody waits for it any more.
 */
export const forecastJob: JobHandler = async ({ workspaceId, parameters, database, nowMs, progress, inPlace }) => {
  const { horizonMonths } = forecastParameters.parse(parameters);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const result = await inPlace(async () => {
    const request = await database.snapshot((reader) => readBusiness(readingOnce(reader), { workspaceId, today, horizonMonths }));
    await progress(progressWhenRead);
    return runForecast(request, {
      onProgress: ({ done, total }) => progress(progressWhenRead + Math.round(((1_000 - progressWhenRead) * done) / total)),
    });
  });
  return { report: null, results: [{ kind: "forecast", version: result.version, result }], findings: null, advice: null };
};
