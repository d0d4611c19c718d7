import { buildForecastReport } from "@saldo/client-core/forecast";
import { monthlyTotals } from "@saldo/client-core/reports";
import { readRows, type SqlReader } from "@saldo/client-core/store";
import { addMonths, forecastReport, monthOf } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { ForecastView } from "../bridge/contract/forecast.ts";

/** Months the device's own forecast looks ahead. */
const deviceHorizonMonths = 6;

/** The books a forecast is of. */
export interface ForecastSubject {
  readonly reader: SqlReader;
  readonly workspaceId: string;
  readonly today: string;
  /** The present instant. */
  readonly now: string;
}

/** The forecast to show: the newest of the cloud's while no complete month came after it, else the device's own, computed at once; null without rows. */
export async function latestForecast(view: ForecastSubject): Promise<ForecastView["latest"]> {
  const own = await deviceForecast(view);
  const cloud = await cloudForecast(view.reader, view.workspaceId);
  const isCurrent = cloud?.report.outcome === "ok" && (own === null || own.report.outcome !== "ok" || cloud.report.asOfMonth >= own.report.asOfMonth);
  return isCurrent ? cloud : own;
}

async function cloudForecast(reader: SqlReader, workspaceId: string): Promise<ForecastView["latest"]> {
  const [row] = await readRows(
    reader,
    "report_result",
    sql`where "workspace_id" = ${workspaceId} and "kind" = 'forecast' and "computed_by" = 'cloud' order by "computed_at" desc, "id" desc limit 1`,
  );
  const report = forecastReport.safeParse(row?.result);
  return row && report.success ? { computedBy: "cloud", computedAt: row.computedAt, report: report.data } : null;
}

async function deviceForecast({ reader, workspaceId, today, now }: ForecastSubject): Promise<ForecastView["latest"]> {
  const { currency, months } = await monthlyTotals(reader, { workspaceId, today });
  if (months.length === 0) return null;
  const complete = months.filter((month) => month.complete);
  const asOfMonth = complete.at(-1)?.month ?? addMonths(monthOf(today), -1);
  const report = buildForecastReport({ months: complete, currency, horizonMonths: deviceHorizonMonths, asOfMonth });
  return { computedBy: "device", computedAt: now, report };
}
