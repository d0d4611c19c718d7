import { byValue, priorityOf, type AdviceLedger } from "@saldo/client-core/recommendations";
import { recommendationsMax, type RecommendationsReport } from "@saldo/schema";
import type { AiWork } from "../ask-in-turn.ts";
import { advise, type Advice } from "./advise.ts";
import { factsOfBooks } from "./facts-of-books.ts";

/** What is advised on. */
export interface BooksAdviceRequest {
  /** As `adviceOf` gives it. */
  readonly ledger: AdviceLedger;
  /** What the rules make of it. */
  readonly report: RecommendationsReport;
  /** The company's language and its setting `aiNames`. */
  readonly locale: "en" | "ru";
  readonly allowNames: boolean;
}

/**
 * The one call of a job: the rules' recommendations together with those of models, most valuable first. Call it outside of a database
 * snapshot, since it waits for providers (two answers one after the other at most, each within the settings' timeout); give it the
 * process's desk (`openDesk`, null without keys), the job as account, and a signal that aborts when the job's time is up. It throws
 * only what `progress` throws and for a fault of the ledger's database. Without keys, budget or answers the report comes back as it is.
 */
export async function adviseOnBooks({ ledger, report, locale, allowNames }: BooksAdviceRequest, work: AiWork): Promise<{ readonly report: RecommendationsReport; readonly advice: Advice }> {
  const advice = await advise(
    { facts: factsOfBooks(ledger, locale), given: report.items, allowNames, priorityOf: (effect) => priorityOf(effect, report.monthlyExpensesMinor) },
    work,
  );
  if (advice.items.length === 0) return { report, advice };
  return { report: { ...report, items: [...report.items, ...advice.items].toSorted(byValue).slice(0, recommendationsMax) }, advice };
}
