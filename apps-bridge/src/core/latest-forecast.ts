import { readBusiness, runForecast, type BusinessRequest, type ForecastProgress } from "@saldo/client-core/forecast";
import { readRows, type SqlReader } from "@saldo/client-core/store";
import { forecastReport, type ForecastReport } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { ForecastView } from "../bridge/contract/forecast.ts";

/** Months the device's own forecast looks ahead unless asked for others. */
export const deviceHorizonMonths = 6;

/** A forecast with who computed it and when. */
export type Latest = NonNullable<ForecastView["latest"]>;

/** What a forecast to show is chosen from: the books as the device would forecast them, and the cloud's newest. */
export interface ForecastSources {
  readonly business: BusinessRequest;
  readonly hasRows: boolean;
  readonly cloud: Latest | null;
}

/** Reads the sources; all of one state of the books. */
export async function readForecastSources(
  reader: SqlReader,
  { workspaceId, today, horizonMonths = deviceHorizonMonths }: { readonly workspaceId: string; readonly today: string; readonly horizonMonths?: number },
): Promise<ForecastSources> {
  const business = await readBusiness(reader, { workspaceId, today, horizonMonths });
  const [row] = await readRows(
    reader,
    "report_result",
    sql`where "workspace_id" = ${workspaceId} and "kind" = 'forecast' and "computed_by" = 'cloud' order by "computed_at" desc, "id" desc limit 1`,
  );
  const [any] = await reader.query(sql`select 1 as "one" from "transaction" where "workspace_id" = ${workspaceId} limit 1`);
  const report = forecastReport.safeParse(row?.result);
  const cloud = row && report.success ? { computedBy: "cloud" as const, computedAt: row.computedAt, report: report.data } : null;
  return { business, hasRows: any !== undefined, cloud };
}

/** Computes the device's own forecast, or gives the one it computed of the same books before. */
export type ForecastMaker = (
  business: BusinessRequest,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: ForecastProgress) => void },
) => Promise<ForecastReport>;

/** A maker that remembers its last forecast. */
export function forecastMaker(): ForecastMaker {
  let last: { readonly key: string; readonly report: ForecastReport } | undefined;
  return async (business, options) => {
    const key = keyOf(business);
    if (last?.key !== key) last = { key, report: await runForecast(business, options) };
    return last.report;
  };
}

/** The forecast to show: the cloud's newest when it starts from the same month as the device's would and looks as far ahead, else the device's own; null without rows. */
export async function latestForecast({ business, hasRows, cloud }: ForecastSources, now: string, make: ForecastMaker, options: Parameters<ForecastMaker>[1] = {}): Promise<Latest | null> {
  const month = business.months.at(-1)?.month;
  if (cloud?.report.outcome === "ok" && month !== undefined && isAsGood(cloud.report, business, month)) return cloud;
  if (!hasRows) return cloud;
  return { computedBy: "device", computedAt: now, report: await make(business, options) };
}

/** Months, known payments and cash may have changed since a cloud's forecast: then the device's is newer. */
function isAsGood(report: Extract<ForecastReport, { outcome: "ok" }>, business: BusinessRequest, month: string): boolean {
  if (report.version !== 2 || report.asOfMonth < month || report.currency !== business.currency || report.horizonMonths < business.horizonMonths) return false;
  return report.cash?.openingMinor === business.cash?.openingMinor && plansOf(report) === plannedIds(business) && hasMonths(report, business);
}

/** True when the months a report was made from are those of the books. */
function hasMonths({ historyMonths, components }: Extract<ForecastReport, { version: 2; outcome: "ok" }>, { months }: BusinessRequest): boolean {
  const totalAt = (kind: string, at: number) => components.reduce((sum, component) => sum + (component.kind === kind ? (component.history[at] ?? 0) : 0), 0);
  const byMonth = new Map(months.map((entry) => [entry.month, entry]));
  return historyMonths.every((month, at) => {
    const entry = byMonth.get(month);
    const expenses = [...(entry?.expensesMinor.values() ?? [])].reduce<number>((sum, amount) => sum + amount, 0);
    return entry?.revenueMinor === totalAt("revenue", at) && expenses === totalAt("expense", at);
  });
}

function plansOf(report: Extract<ForecastReport, { version: 2; outcome: "ok" }>): string {
  return [...new Set(report.known.flatMap(({ source, key }) => (source === "planned" ? [key] : [])))].sort().join(" ");
}

function plannedIds(business: BusinessRequest): string {
  return business.planned.map(({ id }) => id).sort().join(" ");
}

/** Equal for books that give the same forecast. */
function keyOf({ rows, months, categories, ...rest }: BusinessRequest): string {
  const money = months.map(({ month, revenueMinor, expensesMinor }) => [month, revenueMinor, ...[...expensesMinor].flat()]);
  const payments = rows.map((row) => `${row.id} ${row.amountMinor} ${row.categoryId} ${row.postedOn}`);
  return JSON.stringify([rest, money, payments, [...categories].map(([id, { name, slot }]) => [id, name, slot])]);
}
