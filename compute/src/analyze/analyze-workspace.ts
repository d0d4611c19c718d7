import { setImmediate as nextTurn } from "node:timers/promises";
import { examineWorkspace, withVerdicts } from "@saldo/client-core/findings";
import { readBusiness, runForecast } from "@saldo/client-core/forecast";
import { adviceOf, readAdviceBooks, type AdviceLedger } from "@saldo/client-core/recommendations";
import { computeDashboard } from "@saldo/client-core/reports";
import type { SqlReader } from "@saldo/client-core/store";
import type { DashboardReport, Finding, ForecastReport, PeriodChoice, RecommendationsReport } from "@saldo/schema";

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

/** What there is to say about the books of a workspace, findings apart. */
export interface Analysis {
  readonly dashboard: DashboardReport;
  readonly forecast: ForecastReport;
  /** What rules advise. */
  readonly advice: RecommendationsReport;
  /** What it was worked out of. */
  readonly ledger: AdviceLedger;
}

/**
 * Works out figures, forecast and advice of a workspace with the code a device runs. Give it a snapshot, so that all parts are of one state; `onPart` is
 * told how far it is, in thousandths of the whole analysis.
 */
export async function analyzeWorkspace(reader: SqlReader, request: AnalysisRequest, onPart: (permille: number) => Promise<void>): Promise<Analysis> {
  const { workspaceId, period, currency, today } = request;
  const chosen = currency === undefined ? {} : { currency };
  const dashboard = await computeDashboard(reader, { workspaceId, period, today, ...chosen });
  await onPart(200);
  const forecast = await runForecast(await readBusiness(reader, { workspaceId, today, horizonMonths: request.horizonMonths, ...chosen }));
  await onPart(300);
  const { report: advice, ledger } = adviceOf(await readAdviceBooks(reader, { workspaceId, today, forecast, ...chosen }));
  await onPart(500);
  return { dashboard, forecast, advice, ledger };
}

/** Findings in the rows of a workspace that nobody judged, the likeliest and costliest first. Gives others their turn between months. */
export async function lookThrough(reader: SqlReader, workspaceId: string): Promise<readonly Finding[]> {
  return (await withVerdicts(reader, workspaceId, await examineWorkspace(reader, workspaceId, () => nextTurn()))).open;
}
