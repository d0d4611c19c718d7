import { readingOnce } from "@saldo/client-core/reports";
import { readRows } from "@saldo/client-core/store";
import { analyzeParameters, type AnalysisWords, type Finding, type RecommendationsReport, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { adviseOnBooks } from "../ai/advice/advise-on-books.ts";
import { factsOfBooks } from "../ai/advice/facts-of-books.ts";
import type { AdviceFacts } from "../ai/advice/facts.ts";
import type { AiWork } from "../ai/ask-in-turn.ts";
import type { JobHandler, JobWork } from "../jobs/job-work.ts";
import { analyzeWorkspace, lookThrough, type Analysis } from "./analyze-workspace.ts";
import { readToSay, wordsOnBooks, type ToSay } from "./words-on-books.ts";

/** Findings kept of one analysis: the likeliest and costliest. */
const findingsKeptMax = 300;
/** How long models may take in all; what they have said by then is taken. */
const modelsMsMax = 90_000;
/** How far an analysis is when all but what models add is there, and how much of the whole they are. */
const rulesDonePermille = 800;
const modelsPermille = 150;

/**
 * Kind `analyze_report`: dashboard, findings, recommendations and forecast of one state of a workspace's books, kept as a report. Where there is a key,
 * models add to what rules recommend and put into words what was found; nothing they do or leave undone fails the job. They are asked as soon as there is what to
 * ask about, and findings are looked for while they think: with a place of its own, so that other analyses come to their questions first.
 */
export const analyzeJob: JobHandler = async (given) => {
  const { workspaceId, parameters, database, nowMs, desk, inPlace, computed } = given;
  const work = { ...given, progress: onlyForward(given.progress) };
  const { title, ...asked } = analyzeParameters.parse(parameters);
  const request = { workspaceId, today: new Date(nowMs).toISOString().slice(0, 10), ...asked };
  const { analysis, findings, asking } = await database.snapshot(async (snapshot) => {
    const reader = readingOnce(snapshot);
    const [workspace] = desk === null ? [] : await readRows(reader, "workspace", sql`where "id" = ${workspaceId}`);
    const { rules, toSay } = await inPlace(async () => {
      const { ledger, ...figures } = await analyzeWorkspace(reader, request, work.progress);
      return { rules: figures, toSay: workspace && { ...(await readToSay(reader, request, workspace.aiNames)), facts: factsOfBooks(ledger, workspace.locale) } };
    });
    const looking = inPlace(() => lookThrough(reader, workspaceId));
    const answers = workspace && toSay && askModels(work, rules, { workspace, toSay, findings: looking });
    return { analysis: rules, findings: await orUnheard(looking, answers), asking: { answers } };
  });
  computed();
  await work.progress(rulesDonePermille);
  const { dashboard, forecast } = analysis;
  const { advice, words } = (await asking.answers) ?? { advice: analysis.advice, words: null };
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

/** A value; should it fail, nobody waits any more for answers that may. What hears of those is no part of the analysis, whose rows it would hold on to. */
function orUnheard<Value>(value: Promise<Value>, answers: Promise<unknown> | undefined): Promise<Value> {
  answers?.catch(() => undefined);
  return value;
}

/** Progress of parts that go on at the same time: it never goes back. */
function onlyForward(progress: JobWork["progress"]): JobWork["progress"] {
  let toldPermille = 0;
  return (permille) => progress((toldPermille = Math.max(toldPermille, permille)));
}

interface ForModels {
  readonly workspace: Row<"workspace">;
  /** With what advice rests on. */
  readonly toSay: ToSay & { readonly facts: AdviceFacts };
  readonly findings: Promise<readonly Finding[]>;
}

/** What rules recommend with what models add to it, and what models put into words; all at the same time, but for findings, which are put into words once they are there. */
async function askModels(
  { workspaceId, jobId, desk, clockMs, progress, signal }: JobWork,
  { advice, dashboard }: Omit<Analysis, "ledger">,
  { workspace: { locale, aiNames }, toSay: { facts, ...toSay }, findings }: ForModels,
): Promise<{ readonly advice: RecommendationsReport; readonly words: AnalysisWords | null }> {
  const work: AiWork = {
    desk,
    account: { workspaceId, jobId },
    signal: AbortSignal.any([AbortSignal.timeout(modelsMsMax), signal]),
    nowMs: clockMs,
    progress: (permille) => progress(rulesDonePermille + Math.round((permille * modelsPermille) / 1_000)),
  };
  const [{ report }, words] = await Promise.all([
    adviseOnBooks({ facts, report: advice, allowNames: aiNames }, work),
    wordsOnBooks({ ...toSay, findings, currency: dashboard.currency, locale, allowNames: aiNames }, { ...work, progress: () => work.progress(0) }),
  ]);
  return { advice: report, words };
}
