import { storedRecommendation, type RecommendationItem, type RecommendationsReport, type Row, type StoredRecommendation } from "@saldo/schema";
import { daysBetween } from "./days.ts";
import type { AdviceLedger } from "./ledger.ts";
import { measuredResult, type MeasuredResult } from "./measure.ts";
import { byValue } from "./priority.ts";

/** Advice and how it stands with the people it was given to. */
export interface StandingAdvice {
  readonly item: RecommendationItem;
  readonly currency: string;
  readonly status: Row<"recommendation">["status"];
  readonly snoozedUntil: string | null;
  readonly decidedAt: string | null;
  /** Of advice marked done: what came of it. */
  readonly measured: MeasuredResult | null;
}

/** Advice marked done that is true again so much later is open again: all months it looks at came after. */
const doneDaysMax = 120;
/** Open advice of the cloud that no later one has replaced is shown for so long. */
const modelDaysMax = 60;

/**
 * Puts advice together with what people decided. What is not relevant never comes back by itself, what is snoozed comes back when its time is over,
 * what is done stays done with its result. Open ones come first and by value, the others newest first.
 */
export function standingAdvice(report: RecommendationsReport, ledger: AdviceLedger, rows: readonly Row<"recommendation">[], now: string): StandingAdvice[] {
  const decided = new Map<string, StandingAdvice>();
  const current = new Map(report.items.map((item) => [item.key, item]));
  const fromCloud: StandingAdvice[] = [];
  for (const row of rows) {
    const stored = storedRecommendation.safeParse(row.parameters);
    if (!stored.success) continue;
    const advice = standingOf(row, stored.data, ledger);
    const isDecided = row.status !== "open" && !isBack(advice, current.has(row.stableKey), now);
    if (isDecided) decided.set(row.stableKey, advice);
    else if (stored.data.item.source === "model" && daysBetween(row.createdAt, now) <= modelDaysMax) fromCloud.push({ ...advice, status: "open", snoozedUntil: null });
  }
  const open = report.items.filter(({ key }) => !decided.has(key)).map((item): StandingAdvice => ({ item, currency: report.currency, status: "open", snoozedUntil: null, decidedAt: null, measured: null }));
  const models = fromCloud.filter(({ item }) => !current.has(item.key));
  return [...[...open, ...models].toSorted((a, b) => byValue(a.item, b.item)), ...[...decided.values()].toSorted((a, b) => ((a.decidedAt ?? "") > (b.decidedAt ?? "") ? -1 : 1))];
}

function standingOf(row: Row<"recommendation">, stored: StoredRecommendation, ledger: AdviceLedger): StandingAdvice {
  const measured = row.status === "done" && row.currency === ledger.books.currency ? measuredResult(ledger, stored) : null;
  return { item: stored.item, currency: row.currency, status: row.status, snoozedUntil: row.snoozedUntil, decidedAt: stored.decidedAt, measured };
}

function isBack({ status, snoozedUntil, decidedAt }: StandingAdvice, isCurrent: boolean, now: string): boolean {
  if (status === "snoozed") return snoozedUntil === null || snoozedUntil <= now;
  return status === "done" && isCurrent && decidedAt !== null && daysBetween(decidedAt, now) > doneDaysMax;
}
