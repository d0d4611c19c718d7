import type { DashboardReport } from "@saldo/schema";
import { useCallback, useMemo, useState } from "react";
import { Chart } from "../../charts/chart.tsx";
import { forecastMonths, forecastOption } from "../../charts/forecast-option.ts";
import type { ChartTheme } from "../../charts/theme.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { Link } from "../../state/route.tsx";
import { ForecastTable } from "../forecast/forecast-table.tsx";

/** Profit as it was and as it is expected, with its ranges. */
export function NetOutlook({ report }: { readonly report: DashboardReport }) {
  const { t, f, locale } = useText();
  const [view, setView] = useState<"chart" | "table">("chart");
  const { value } = useWatch("forecast.watch", {});
  const forecast = value?.latest?.report;
  const points = useMemo(() => (forecast?.outcome === "ok" && forecast.currency === report.currency ? forecast.points : []), [forecast, report.currency]);
  const months = useMemo(() => forecastMonths(report.revenueTrend, points, "net"), [report.revenueTrend, points]);
  const { currency } = report;
  const option = useCallback((theme: ChartTheme) => forecastOption(theme, { months, currency, locale, f, t }), [months, currency, locale, f, t]);
  const next = points[0];
  const heading =
    next === undefined
      ? t("outlook.past")
      : t("outlook.next", { month: f.month(next.month), amount: f.short(Math.abs(next.net.mean), currency), sign: next.net.mean < 0 ? "loss" : "profit" });
  const said = next === undefined ? "" : t("outlook.range80", { low: f.short(next.net.lo80, currency), high: f.short(next.net.hi80, currency) });
  return (
    <section className="cell" aria-labelledby="flow-h">
      <div className="h">
        <h2 id="flow-h">{heading}</h2>
        {next !== undefined && <span className="quiet only-wide measure">{t("outlook.measure")}</span>}
        <span className="end">
          <Segmented
            label={t("view.label")}
            value={view}
            options={[
              { value: "chart", text: t("view.chart") },
              { value: "table", text: t("view.table") },
            ]}
            onChange={setView}
          />
        </span>
      </div>
      {view === "chart" ? <Chart label={`${heading}. ${said}`} height={196} option={option} /> : <ForecastTable months={months} currency={currency} />}
      <p className="say outlook-say">
        {next === undefined ? <NoForecast monthsNeed={forecast?.outcome === "not_enough_data" ? forecast : undefined} /> : said}{" "}
        <Link href="/forecast">{t("outlook.more")}</Link>
      </p>
    </section>
  );
}

function NoForecast({ monthsNeed }: { readonly monthsNeed: { readonly monthsHave: number; readonly monthsNeed: number } | undefined }) {
  const { t } = useText();
  return monthsNeed === undefined ? t("forecast.none") : t("forecast.notEnough", { need: monthsNeed.monthsNeed, have: monthsNeed.monthsHave });
}
