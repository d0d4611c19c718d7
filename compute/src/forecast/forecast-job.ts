import { forecastParameters } from "@saldo/schema";
import { forecastBooks } from "../analyze/analyze-workspace.ts";
import type { JobHandler } from "../jobs/job-work.ts";

const progressWhenBegun = 100;

/** Kind `generate_forecast`: the forecast of a workspace, by the code a device runs. */
export const forecastJob: JobHandler = async ({ workspaceId, parameters, database, nowMs, progress }) => {
  const { horizonMonths } = forecastParameters.parse(parameters);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  await progress(progressWhenBegun);
  const result = await database.snapshot((reader) => forecastBooks(reader, { workspaceId, horizonMonths, today }));
  return { report: null, results: [{ kind: "forecast", version: result.version, result }], findings: null, advice: null };
};
