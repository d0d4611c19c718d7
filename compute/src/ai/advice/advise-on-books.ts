import { byValue, priorityOf } from "@saldo/client-core/recommendations";
import { recommendationsMax, type RecommendationsReport } from "@saldo/schema";
import type { AiWork } from "../ask-in-turn.ts";
import { advise, type Advice } from "./advise.ts";
import type { AdviceFacts } from "./facts.ts";

/** What is advised on. */
export interface BooksAdviceRequest {
  /** What models are told of the books (`factsOfBooks`). */
  readonly facts: AdviceFacts;
  /** What the rules make of it. */
  readonly report: RecommendationsReport;
  /** The company's setting `aiNames`. */
  readonly allowNames: boolean;
}

/**
 * The one call of a job: the rules' recommendations together with those of models, most valuable first. Call it outside of a database
 * snapshot, since it waits for providers (two answers one after the other at most, each within the settings' timeout); give it the
 * process's desk (`openDesk`, null without keys), the job as account, and a signal that aborts when the job's time is up. It throws
 * only what `progress` throws. Without keys, budget or answers the report comes back as it is.
 */
export async function adviseOnBooks({ facts, report, allowNames }: BooksAdviceRequest, work: AiWork): Promise<{ readonly report: RecommendationsReport; readonly advice: Advice }> {
  const advice = await advise(
    { facts, given: report.items, allowNames, priorityOf: (effect) => priorityOf(effect, report.monthlyExpensesMinor) },
    work,
  );
  if (advice.items.length === 0) return { report, advice };
  return { report: { ...report, items: [...report.items, ...advice.items].toSorted(byValue).slice(0, recommendationsMax) }, advice };
}
