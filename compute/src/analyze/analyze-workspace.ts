import { examineWorkspace, withVerdicts } from "@saldo/client-core/findings";
import { readBusiness, runForecast } from "@saldo/client-core/forecast";
import { advise, readAdviceBooks, type AdviceBooks } from "@saldo/client-core/recommendations";
import { computeDashboard } from "@saldo/client-core/reports";
import type { SqlReader } from "@saldo/client-core/store";
import type { DashboardReport, Finding, ForecastReport, PeriodChoice, RecommendationsReport } from "@saldo/schema";

/** How far an analysis is when all but what models add is there. */
export const rulesDonePermille = 800;

/** What an analysis is of. */
export interface AnalysisRequest {
  readonly workspaceId: string;
  readonly period: PeriodChoice;
  /** Default: as for the dashboard. */
  readonly currency?: string;
  readonly horizonMonths: number;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** Everything there is to say about the books of a workspace. */
export interface Analysis {
  readonly dashboard: DashboardReport;
  readonly forecast: ForecastReport;
  /** Those nobody judged, the likeliest and costliest first. */
  readonly findings: readonly Finding[];
  /** What rules advise. */
  readonly advice: RecommendationsReport;
  /** What the advice was worked out of. */
  readonly books: AdviceBooks;
}

/**
 * Looks through the books of a workspace with the code a device runs. Give it a snapshot, so that all parts are of one state; `onPart` is told how
 * far it is, in thousandths.
 */
export async function analyzeWorkspace(reader: SqlReader, request: AnalysisRequest, onPart: (permille: number) => Promise<void>): Promise<Analysis> {
  const { workspaceId, period, currency, today } = request;
  const chosen = currency === undefined ? {} : { currency };
  const dashboard = await computeDashboard(reader, { workspaceId, period, today, ...chosen });
  await onPart(100);
  const forecast = await runForecast(await readBusiness(reader, { workspaceId, today, horizonMonths: request.horizonMonths, ...chosen }));
  await onPart(200);
  const { open: findings } = await withVerdicts(reader, workspaceId, await examineWorkspace(reader, workspaceId));
  await onPart(600);
  const books = await readAdviceBooks(reader, { workspaceId, today, forecast, ...chosen });
  const advice = advise(books);
  await onPart(rulesDonePermille);
  return { dashboard, forecast, findings, advice, books };
}
