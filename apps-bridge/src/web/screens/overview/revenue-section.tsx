import { firstDay, lastDay, monthOf, type DashboardReport } from "@saldo/schema";
import { useCallback, useMemo, useState } from "react";
import { Chart } from "../../charts/chart.tsx";
import { revenueOption, scaleName } from "../../charts/revenue-option.ts";
import type { ChartTheme } from "../../charts/theme.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { Link, navigate } from "../../state/route.tsx";
import { drillDownHref } from "../../state/transaction-query.ts";
import { daysText } from "../days-text.ts";

/** Months in the chart. */
const monthsShown = 13;
/** A change smaller than this says neither growth nor fall. */
const flatBelowRatio = 0.01;

/** Revenue and expenses by month with profit below. The heading says what came of it. */
export function RevenueSection({ report }: { readonly report: DashboardReport }) {
  const { t, f, locale } = useText();
  const [view, setView] = useState<"chart" | "table">("chart");
  const months = useMemo(() => report.revenueTrend.slice(-monthsShown), [report.revenueTrend]);
  const { currency } = report;
  const month = monthOf(report.period.to);
  const option = useCallback((theme: ChartTheme) => revenueOption(theme, { months, month, currency, locale, f, t }), [months, month, currency, locale, f, t]);
  const open = useCallback(
    (index: number) => {
      const entry = months[index];
      if (entry === undefined) return;
      const { month: name, profitMinor } = entry;
      navigate(drillDownHref({ from: firstDay(name), to: lastDay(name), measure: "profit", currency, amountMinor: profitMinor, name: undefined }));
    },
    [months, currency],
  );
  const partial = months.find((entry) => entry.partial);
  const label = t("revenue.chartLabel", {
    month: daysText(report.period, f),
    revenue: f.money(report.revenue.currentMinor, currency),
    expenses: f.money(report.expenses.currentMinor, currency),
    profit: f.money(report.profit.currentMinor, currency),
  });
  return (
    <section className="cell" aria-labelledby="io-h">
      <div className="h">
        <h2 id="io-h">{t("revenue.finding", { revenue: directionOf(report.revenue), profit: profitDirection(report.profit) })}</h2>
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
      {view === "chart" ? (
        <>
          <p className="say keys">
            <i className="key in" /> {t("revenue.keyRevenue")} <i className="key out" /> {t("revenue.keyExpenses")} <i className="key net" />{" "}
            {t("revenue.keyProfit", { scale: scaleName(locale, currency, months.map(({ profitMinor }) => profitMinor)) })}
          </p>
          <Chart label={label} height={248} option={option} onPick={open} />
        </>
      ) : (
        <RevenueTable months={months} currency={currency} />
      )}
      {partial !== undefined && <p className="say quiet">{t("revenue.partialNote", { month: f.monthName(partial.month), date: f.date(report.period.dataThrough ?? report.period.to, false) })}</p>}
    </section>
  );
}

function directionOf({ currentMinor, previousMinor }: DashboardReport["revenue"]): "up" | "down" | "flat" | "none" {
  if (previousMinor === 0) return "none";
  const delta = currentMinor - previousMinor;
  if (Math.abs(delta) < Math.abs(previousMinor) * flatBelowRatio) return "flat";
  return delta > 0 ? "up" : "down";
}

/** A loss neither grows nor shrinks "profit". */
function profitDirection(profit: DashboardReport["profit"]): "up" | "down" | "flat" | "none" | "lessLoss" | "moreLoss" {
  if (profit.currentMinor >= 0) return directionOf(profit);
  return profit.currentMinor > profit.previousMinor ? "lessLoss" : "moreLoss";
}

function RevenueTable({ months, currency }: { readonly months: DashboardReport["revenueTrend"]; readonly currency: string }) {
  const { t, f } = useText();
  const cell = (month: string, amountMinor: number, measure: "revenue" | "expenses" | "profit") => (
    <Link href={drillDownHref({ from: firstDay(month), to: lastDay(month), measure, currency, amountMinor, name: undefined })}>{f.money(amountMinor, currency, { unit: false, fraction: "whole" })}</Link>
  );
  return (
    <div className="scroll-x table-twin" tabIndex={0} role="region" aria-label={t("revenue.tableLabel", { sign: f.sign(currency) })}>
      <table className="tbl" data-density="dense">
        <thead>
          <tr>
            <th className="l">{t("table.month")}</th>
            <th>{t("table.revenueIn", { sign: f.sign(currency) })}</th>
            <th>{t("table.expensesIn", { sign: f.sign(currency) })}</th>
            <th>{t("table.profitIn", { sign: f.sign(currency) })}</th>
          </tr>
        </thead>
        <tbody>
          {months.map((entry) => (
            <tr key={entry.month}>
              <td className="l">
                {f.monthAxis(entry.month, true)}
                {entry.partial ? "*" : ""}
              </td>
              <td>{cell(entry.month, entry.revenueMinor, "revenue")}</td>
              <td>{cell(entry.month, entry.expensesMinor, "expenses")}</td>
              <td className={entry.profitMinor < 0 ? "neg" : ""}>{cell(entry.month, entry.profitMinor, "profit")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
