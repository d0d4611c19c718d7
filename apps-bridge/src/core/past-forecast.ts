import { comparePast, pastOrigins, readBusiness, requestAsOf, type BusinessRequest } from "@saldo/client-core/forecast";
import { readRows, type SqlReader } from "@saldo/client-core/store";
import { forecastReport, lastDay, type BusinessForecast } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { PastForecastView } from "../bridge/contract/forecast.ts";
import type { ForecastMaker } from "./latest-forecast.ts";

/** Newest forecasts of the cloud among which one of that month is looked for. */
const storedMax = 60;
/** Months to compare that a past forecast has unless another is asked for. */
const usualMonthsSince = 6;

/** What past forecasts are told from: the books, and the cloud's forecasts with the time they were made. */
export interface PastSources {
  readonly business: BusinessRequest;
  readonly stored: readonly { readonly computedAt: string; readonly report: BusinessForecast }[];
}

/** Reads the sources; all of one state of the books. */
export async function readPastSources(reader: SqlReader, { workspaceId, today }: { readonly workspaceId: string; readonly today: string }): Promise<PastSources> {
  const business = await readBusiness(reader, { workspaceId, today, horizonMonths: usualMonthsSince });
  const rows = await readRows(
    reader,
    "report_result",
    sql`where "workspace_id" = ${workspaceId} and "kind" = 'forecast' and "computed_by" = 'cloud' order by "computed_at" desc, "id" desc limit ${storedMax}`,
  );
  const stored = rows.flatMap(({ computedAt, result }) => {
    const { data } = forecastReport.safeParse(result);
    return data?.outcome === "ok" && data.version === 2 ? [{ computedAt, report: data }] : [];
  });
  return { business, stored };
}

/**
 * A forecast as of the end of a month beside what came since: one the cloud made at that time, else made anew from the rows up to that month alone. Without
 * a month, of six months ago or as far back as the books allow.
 */
export async function pastForecast({ business, stored }: PastSources, asked: string | undefined, make: ForecastMaker, signal?: AbortSignal): Promise<PastForecastView> {
  const origins = pastOrigins(business);
  const asOfMonth = origins.find((month) => month === asked) ?? origins.slice(0, usualMonthsSince).at(-1);
  if (asOfMonth === undefined) return { origins, past: null };
  const kept = stored.find(({ computedAt, report }) => report.asOfMonth === asOfMonth && report.currency === business.currency && computedAt.slice(0, 10) <= lastDay(addedMonth(business, asOfMonth)));
  const report = kept?.report ?? (await make(requestAsOf(business, asOfMonth), signal === undefined ? {} : { signal }));
  const compared = report.outcome === "ok" && report.version === 2 ? comparePast(report, business.months) : undefined;
  return { origins, past: compared === undefined ? null : { ...compared, before: [...compared.before], since: [...compared.since], madeAt: kept?.computedAt ?? null } };
}

/** The month after: a forecast made later than in it was told with more known. */
function addedMonth({ months }: BusinessRequest, month: string): string {
  return months.find((entry) => entry.month > month)?.month ?? month;
}
