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
/** Advice of models is shown for so long unless a later answer of the cloud takes its place. */
const modelDaysMax = 60;

/** The newest answer of the cloud: what its models add to the rules' advice. */
export interface CloudAdvice {
  readonly computedAt: string;
  readonly items: readonly RecommendationItem[];
}

/** What advice is put together from. */
interface StandingParts {
  readonly report: RecommendationsReport;
  readonly cloud: CloudAdvice | null;
  readonly ledger: AdviceLedger;
  /** What people decided. */
  readonly rows: readonly Row<"recommendation">[];
  readonly now: string;
}

/**
 * Puts advice together with what people decided. What is not relevant never comes back by itself, what is snoozed comes back when its time is over,
 * what is done stays done with its result. Open ones come first and by value, the others newest first.
 */
export function standingAdvice({ report, cloud, ledger, rows, now }: StandingParts): StandingAdvice[] {
  const own = new Set(report.items.map(({ key }) => key));
  const models = cloud === null || daysBetween(cloud.computedAt, now) > modelDaysMax ? [] : cloud.items.filter(({ key, source }) => source === "model" && !own.has(key));
  const current = [...report.items, ...models];
  const currentKeys = new Set(current.map(({ key }) => key));
  const decided = new Map<string, StandingAdvice>();
  for (const row of rows) {
    const stored = storedRecommendation.safeParse(row.parameters);
    if (!stored.success || row.status === "open") continue;
    const advice = standingOf(row, stored.data, ledger);
    if (!isBack(advice, currentKeys.has(row.stableKey), now)) decided.set(row.stableKey, advice);
  }
  const open = current.filter(({ key }) => !decided.has(key)).map((item): StandingAdvice => ({ item, currency: report.currency, status: "open", snoozedUntil: null, decidedAt: null, measured: null }));
  return [...open.toSorted((a, b) => byValue(a.item, b.item)), ...[...decided.values()].toSorted((a, b) => ((a.decidedAt ?? "") > (b.decidedAt ?? "") ? -1 : 1))];
}

function standingOf(row: Row<"recommendation">, stored: StoredRecommendation, ledger: AdviceLedger): StandingAdvice {
  const measured = row.status === "done" && row.currency === ledger.books.currency ? measuredResult(ledger, stored) : null;
  return { item: stored.item, currency: row.currency, status: row.status, snoozedUntil: row.snoozedUntil, decidedAt: stored.decidedAt, measured };
}

function isBack({ status, snoozedUntil, decidedAt }: StandingAdvice, isCurrent: boolean, now: string): boolean {
  if (status === "snoozed") return snoozedUntil === null || snoozedUntil <= now;
  return status === "done" && isCurrent && decidedAt !== null && daysBetween(decidedAt, now) > doneDaysMax;
}
