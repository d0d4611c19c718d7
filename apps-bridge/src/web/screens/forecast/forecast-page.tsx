import type { DashboardReport, ForecastReport } from "@saldo/schema";
import { useCallback, useMemo, useState } from "react";
import type { ForecastView } from "../../../bridge/contract/forecast.ts";
import { Chart } from "../../charts/chart.tsx";
import { forecastMonths, forecastOption, type ForecastMeasure } from "../../charts/forecast-option.ts";
import type { ChartTheme } from "../../charts/theme.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { ErrorBox, Skeleton } from "../../parts/state-box.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { EmptyBooks } from "../import/empty-books.tsx";
import { Toolbar } from "../toolbar.tsx";
import { BusinessSheet } from "./business-sheet.tsx";
import { ForecastFacts } from "./forecast-facts.tsx";
import { ForecastNeeds } from "./forecast-needs.tsx";
import { ForecastTable } from "./forecast-table.tsx";
import { monthHref } from "./month-href.ts";
import { RequestForecast } from "./request-forecast.tsx";

type ReadyForecast = Extract<ForecastReport, { outcome: "ok" }>;

/** What is expected of revenue, expenses and profit, how sure that is, and how earlier forecasts did. */
export function ForecastPage() {
  const dashboard = useWatch("dashboard.watch", {});
  const forecast = useWatch("forecast.watch", {});
  const error = dashboard.error ?? forecast.error;
  if (dashboard.value?.kind === "empty") return <EmptyBooks withSample />;
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        {error !== undefined ? (
          <div className="cell">
            <ErrorBox error={error} onRetry={dashboard.error === undefined ? forecast.retry : dashboard.retry} />
          </div>
        ) : dashboard.value === undefined || forecast.value === undefined || isFirst(forecast.value) ? (
          <div className="cell skeleton-cell" aria-busy="true">
            {forecast.value?.computing && <Computing computing={forecast.value.computing} />}
            <Skeleton width="50%" height={24} />
            <Skeleton width="100%" height={320} />
          </div>
        ) : (
          <ForecastSheet view={forecast.value} past={dashboard.value.report} />
        )}
      </main>
    </>
  );
}

/** True while the first forecast is computed: there is none before it to show. */
function isFirst({ latest, computing }: ForecastView): boolean {
  return latest === null && computing !== null;
}

function Computing({ computing: { done, total } }: { readonly computing: NonNullable<ForecastView["computing"]> }) {
  const { t } = useText();
  return (
    <span className="pill info" role="status">
      {t("forecast.computing", { done, total })}
    </span>
  );
}

function ForecastSheet({ view, past }: { readonly view: ForecastView; readonly past: DashboardReport }) {
  const { t, f } = useText();
  const trend = past.revenueTrend;
  const report = view.latest?.report;
  const ready = report?.outcome === "ok" ? report : undefined;
  const needs = report?.outcome === "not_enough_data" ? report : undefined;
  const next = ready?.points[0];
  return (
    <>
      <header className="page-head">
        <div>
          <h1>
            {ready === undefined || next === undefined
              ? needs === undefined
                ? t("forecast.noneTitle")
                : t("forecast.needTitle", { missing: needs.monthsNeed - needs.monthsHave })
              : t("outlook.next", { month: f.month(next.month), amount: f.short(Math.abs(next.net.mean), ready.currency), sign: next.net.mean < 0 ? "loss" : "profit" })}
          </h1>
          <p>
            {ready !== undefined && next !== undefined
              ? t("outlook.range80", { low: f.short(next.net.lo80, ready.currency), high: f.short(next.net.hi80, ready.currency) })
              : needs === undefined
                ? t("forecast.none")
                : t("forecast.needLead")}
          </p>
        </div>
        {view.computing !== null && <Computing computing={view.computing} />}
        {needs === undefined && (
          <span className="end">
            <RequestForecast request={view.request} />
          </span>
        )}
      </header>
      {needs !== undefined && <ForecastNeeds needs={needs} trend={trend} />}
      {ready?.version === 2 && view.latest !== null && <BusinessSheet stored={ready} latest={view.latest} past={past} />}
      {ready?.version === 1 && view.latest !== null && <Ready report={ready} latest={view.latest} trend={trend} />}
    </>
  );
}

function Ready({ report, latest, trend }: { readonly report: ReadyForecast; readonly latest: NonNullable<ForecastView["latest"]>; readonly trend: DashboardReport["revenueTrend"] }) {
  const { t, f, locale } = useText();
  const [measure, setMeasure] = useState<ForecastMeasure>("net");
  const { currency, points } = report;
  const months = useMemo(() => forecastMonths(trend, points, measure), [trend, points, measure]);
  const option = useCallback((theme: ChartTheme) => forecastOption(theme, { months, currency, locale, f, t }), [months, currency, locale, f, t]);
  const last = points.at(-1)?.[measure];
  const label = t("forecast.chartLabel", {
    measure: t(`forecast.measure.${measure}`),
    month: f.month(points.at(-1)?.month ?? report.asOfMonth),
    amount: last === undefined ? "" : f.short(last.mean, currency),
  });
  return (
    <>
      <div className="row g-side">
        <section className="cell" aria-labelledby="fc-h">
          <div className="h">
            <h2 id="fc-h">{t(`forecast.measure.${measure}`)}</h2>
            <span className="quiet measure only-wide">{t("forecast.byMonth")}</span>
            <span className="end">
              <Segmented
                label={t("forecast.measureLabel")}
                value={measure}
                options={(["net", "revenue", "expenses"] as const).map((value) => ({ value, text: t(`forecast.measure.${value}`) }))}
                onChange={setMeasure}
              />
            </span>
          </div>
          <Chart label={label} height={320} option={option} />
          <p className="say">{t("forecast.bands")}</p>
        </section>
        <ForecastFacts report={report} latest={latest} measure={measure} />
      </div>
      <section className="row" aria-labelledby="ft-h">
        <div className="h in forecast-table-h">
          <h2 id="ft-h">{t("forecast.tableTitle", { measure: t(`forecast.measure.${measure}`) })}</h2>
        </div>
        <ForecastTable months={months} currency={currency} hrefOf={(month, amountMinor) => monthHref(month, measure, currency, amountMinor)} />
      </section>
    </>
  );
}
