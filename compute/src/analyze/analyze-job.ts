import { readRows } from "@saldo/client-core/store";
import { analyzeParameters, type RecommendationsReport } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { adviseOnBooks } from "../ai/advice/advise-on-books.ts";
import type { JobHandler, JobWork } from "../jobs/job-work.ts";
import { analyzeWorkspace, rulesDonePermille, type Analysis } from "./analyze-workspace.ts";

/** Findings kept of one analysis: the likeliest and costliest. */
const findingsKeptMax = 300;
/** How long models may take in all; what they have said by then is taken. */
const modelsMsMax = 90_000;
const modelsPermille = 150;

/**
 * Kind `analyze_report`: dashboard, findings, recommendations and forecast of one state of a workspace's books, kept as a report. Models add to what
 * rules recommend where there is a key; nothing they do or leave undone fails the job.
 */
export const analyzeJob: JobHandler = async (work) => {
  const { workspaceId, parameters, database, nowMs, progress } = work;
  const { title, ...asked } = analyzeParameters.parse(parameters);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const analysis = await database.snapshot((reader) => analyzeWorkspace(reader, { workspaceId, today, ...asked }, progress));
  const { dashboard, forecast, findings } = analysis;
  const advice = await withModels(work, analysis);
  return {
    report: { title, parameters: { of: "analysis", ...asked } },
    results: [
      { kind: "dashboard", version: dashboard.version, result: dashboard },
      { kind: "forecast", version: forecast.version, result: forecast },
      { kind: "recommendations", version: advice.version, result: advice },
    ],
    findings: findings.slice(0, findingsKeptMax),
    advice,
  };
};

/** What rules recommend, with what models add to it. */
async function withModels({ workspaceId, jobId, database, desk, clockMs, progress }: JobWork, { books, advice }: Analysis): Promise<RecommendationsReport> {
  if (desk === null) return advice;
  const [workspace] = await readRows(database, "workspace", sql`where "id" = ${workspaceId}`);
  if (workspace === undefined) return advice;
  const { report } = await adviseOnBooks(
    { books, report: advice, locale: workspace.locale, allowNames: workspace.aiNames },
    {
      desk,
      account: { workspaceId, jobId },
      signal: AbortSignal.timeout(modelsMsMax),
      nowMs: clockMs,
      progress: (permille) => progress(rulesDonePermille + Math.round((permille * modelsPermille) / 1_000)),
    },
  );
  return report;
}
