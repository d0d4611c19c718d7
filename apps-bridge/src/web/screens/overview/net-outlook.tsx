import { addMonths, type DashboardReport } from "@saldo/schema";
import { useCallback, useMemo, useState } from "react";
import { Chart } from "../../charts/chart.tsx";
import { cashOutlook, forecastMonths, forecastOption, type ForecastMonth, type ForecastPoints } from "../../charts/forecast-option.ts";
import type { ChartTheme } from "../../charts/theme.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { Link } from "../../state/route.tsx";
import { ForecastTable } from "../forecast/forecast-table.tsx";
import { monthHref } from "../forecast/month-href.ts";
import { cashSinceHref } from "./cash-href.ts";

/** Fewest months a line of cash is drawn of. */
const pathMonthsMin = 2;

/** Cash as it was and as it is expected, with its ranges; profit where nobody has said a balance. */
export function NetOutlook({ report }: { readonly report: DashboardReport }) {
  const { t, f, locale } = useText();
  const [view, setView] = useState<"chart" | "table">("chart");
  const { value } = useWatch("forecast.watch", {});
  const forecast = value?.latest?.report;
  const { currency, revenueTrend, cashPath } = report;
  const foretold = forecast?.outcome === "ok" && forecast.currency === currency ? forecast.points : undefined;
  const points = useMemo(() => (foretold !== undefined && followsOn(revenueTrend, foretold) ? foretold : []), [foretold, revenueTrend]);
  const cash = useMemo(() => cashOutlook(cashPath, points), [cashPath, points]);
  const shown = cashPath.length > 0 && cash.length >= pathMonthsMin ? "cash" : "net";
  const months = useMemo(() => (shown === "cash" ? cash : forecastMonths(revenueTrend, points, "net")), [shown, cash, revenueTrend, points]);
  const option = useCallback((theme: ChartTheme) => forecastOption(theme, { months, currency, locale, f, t }), [months, currency, locale, f, t]);
  const told = shown === "cash" ? cashTold(months) : months.find(({ expected }) => expected !== undefined);
  const expected = told?.expected;
  const values = { month: told === undefined ? "" : f.month(told.month), amount: f.short(shown === "net" ? Math.abs(expected?.mean ?? 0) : (expected?.mean ?? 0), currency) };
  const heading =
    expected === undefined
      ? t(shown === "cash" ? "outlook.cashPast" : "outlook.past")
      : shown === "cash"
        ? t("outlook.cash", { ...values, course: courseOf(months, expected.mean) })
        : t("outlook.next", { ...values, sign: expected.mean < 0 ? "loss" : "profit" });
  const said = expected === undefined ? "" : t("outlook.range80", { low: f.short(expected.lo80, currency), high: f.short(expected.hi80, currency) });
  const hrefOf = (month: string, actualMinor: number): string | undefined => {
    if (shown === "net") return monthHref(month, "net", currency, actualMinor);
    const point = cashPath.find((each) => each.month === month);
    return point === undefined || report.cash === null ? undefined : cashSinceHref(point, report.cash, report, t("outlook.cashSince", { date: f.dateShort(point.on, true) }));
  };
  return (
    <section className="cell" aria-labelledby="flow-h">
      <div className="h">
        <h2 id="flow-h">{heading}</h2>
        {expected !== undefined && <span className="quiet only-wide measure">{t(shown === "cash" ? "outlook.cashMeasure" : "outlook.measure")}</span>}
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
      {view === "chart" ? <Chart label={`${heading}. ${said}`} height={196} option={option} /> : <ForecastTable months={months} currency={currency} hrefOf={hrefOf} />}
      <p className="say outlook-say">
        {foretold === undefined ? <NoForecast monthsNeed={forecast?.outcome === "not_enough_data" ? forecast : undefined} /> : said}{" "}
        <Link href="/forecast">{t("outlook.more")}</Link>
      </p>
    </section>
  );
}

/** False where months lie between those shown and the first foretold: an earlier period is looked at. */
function followsOn(trend: DashboardReport["revenueTrend"], points: ForecastPoints): boolean {
  const [last, first] = [trend.at(-1)?.month, points[0]?.month];
  return last === undefined || first === undefined || addMonths(last, 1) >= first;
}

/** The month cash is told of: the first it is gone in, else the one with least of it when that is less than now, else the last. */
function cashTold(months: readonly ForecastMonth[]): ForecastMonth | undefined {
  const ahead = months.filter(({ expected }) => expected !== undefined);
  const mean = ({ expected }: ForecastMonth): number => expected?.mean ?? 0;
  const gone = ahead.find((month) => mean(month) < 0);
  if (gone !== undefined || ahead[0] === undefined) return gone;
  const lowest = ahead.reduce((least, month) => (mean(month) < mean(least) ? month : least), ahead[0]);
  return mean(lowest) < lastActual(months) ? lowest : ahead.at(-1);
}

function courseOf(months: readonly ForecastMonth[], meanMinor: number): "gone" | "low" | "grows" {
  if (meanMinor < 0) return "gone";
  return meanMinor < lastActual(months) ? "low" : "grows";
}

function lastActual(months: readonly ForecastMonth[]): number {
  return months.findLast(({ actual }) => actual !== undefined)?.actual ?? 0;
}

function NoForecast({ monthsNeed }: { readonly monthsNeed: { readonly monthsHave: number; readonly monthsNeed: number } | undefined }) {
  const { t } = useText();
  return monthsNeed === undefined ? t("forecast.none") : t("forecast.notEnough", { need: monthsNeed.monthsNeed, have: monthsNeed.monthsHave });
}
