import { analyzeJob } from "../analyze/analyze-job.ts";
import { forecastJob } from "../forecast/forecast-job.ts";
import type { JobHandlers } from "./job-work.ts";

/** The work of every registered kind. */
export const jobHandlers: JobHandlers = { analyze_report: analyzeJob, generate_forecast: forecastJob };
