import { readingOnce } from "@saldo/client-core/reports";
import { readRows } from "@saldo/client-core/store";
import { analyzeParameters, type AnalysisWords, type RecommendationsReport, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { adviseOnBooks } from "../ai/advice/advise-on-books.ts";
import type { AiWork } from "../ai/ask-in-turn.ts";
import type { JobHandler, JobWork } from "../jobs/job-work.ts";
import { analyzeWorkspace, rulesDonePermille, type Analysis } from "./analyze-workspace.ts";
import { readToSay, wordsOnBooks, type ToSay } from "./words-on-books.ts";

/** Findings kept of one analysis: the likeliest and costliest. */
const findingsKeptMax = 300;
/** How long models may take in all; what they have said by then is taken. */
const modelsMsMax = 90_000;
const modelsPermille = 150;

/**
 * Kind `analyze_report`: dashboard, findings, recommendations and forecast of one state of a workspace's books, kept as a report. Where there is a key,
 * models add to what rules recommend and put into words what was found; nothing they do or leave undone fails the job.
 */
export const analyzeJob: JobHandler = async (work) => {
  const { workspaceId, parameters, database, nowMs, progress, desk } = work;
  const { title, ...asked } = analyzeParameters.parse(parameters);
  const request = { workspaceId, today: new Date(nowMs).toISOString().slice(0, 10), ...asked };
  const { analysis, models } = await database.snapshot(async (snapshot) => {
    const reader = readingOnce(snapshot);
    const [workspace] = desk === null ? [] : await readRows(reader, "workspace", sql`where "id" = ${workspaceId}`);
    const found = await analyzeWorkspace(reader, request, progress);
    return { analysis: found, models: workspace && { workspace, toSay: await readToSay(reader, request, workspace.aiNames) } };
  });
  const { dashboard, forecast, findings } = analysis;
  const { advice, words } = models === undefined ? { advice: analysis.advice, words: null } : await askModels(work, analysis, models);
  return {
    report: { title, parameters: { of: "analysis", ...asked } },
    results: [
      { kind: "dashboard", version: dashboard.version, result: dashboard },
      { kind: "forecast", version: forecast.version, result: forecast },
      { kind: "recommendations", version: advice.version, result: advice },
      ...(words === null ? [] : [{ kind: "words" as const, version: words.version, result: words }]),
    ],
    findings: findings.slice(0, findingsKeptMax),
    advice,
  };
};

interface ForModels {
  readonly workspace: Row<"workspace">;
  readonly toSay: ToSay;
}

/** What rules recommend with what models add to it, and what models put into words; both at the same time. */
async function askModels(
  { workspaceId, jobId, desk, clockMs, progress }: JobWork,
  { books, advice, findings, dashboard }: Analysis,
  { workspace: { locale, aiNames }, toSay }: ForModels,
): Promise<{ readonly advice: RecommendationsReport; readonly words: AnalysisWords | null }> {
  let toldPermille = rulesDonePermille;
  const work: AiWork = {
    desk,
    account: { workspaceId, jobId },
    signal: AbortSignal.timeout(modelsMsMax),
    nowMs: clockMs,
    progress: (permille) => {
      toldPermille = Math.max(toldPermille, rulesDonePermille + Math.round((permille * modelsPermille) / 1_000));
      return progress(toldPermille);
    },
  };
  const [{ report }, words] = await Promise.all([
    adviseOnBooks({ books, report: advice, locale, allowNames: aiNames }, work),
    wordsOnBooks({ ...toSay, findings, currency: dashboard.currency, locale, allowNames: aiNames }, { ...work, progress: () => work.progress(0) }),
  ]);
  return { advice: report, words };
}
