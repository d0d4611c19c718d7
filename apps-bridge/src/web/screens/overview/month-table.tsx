import { firstDay, lastDay, sumMinor, minor, type DashboardReport } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { MoneyDelta } from "../../parts/delta.tsx";
import { Link } from "../../state/route.tsx";
import { drillDownHref } from "../../state/transaction-query.ts";
import { monthsUpTo } from "./comparison.ts";
import { marginRatio } from "./margin.ts";

/** Months in the table. */
const monthsShown = 12;

type Month = DashboardReport["revenueTrend"][number];

/** The months beside each other, newest first; every figure leads to its rows. */
export function MonthTable({ report }: { readonly report: DashboardReport }) {
  const { t, f } = useText();
  const months = monthsUpTo(report).slice(-monthsShown);
  const { currency } = report;
  const sign = f.sign(currency);
  const total = (field: "revenueMinor" | "expensesMinor" | "profitMinor"): number => sumMinor(months.map((month) => minor(month[field])));
  const span = { from: firstDay(months[0]?.month ?? ""), to: lastDay(months.at(-1)?.month ?? "") };
  const cell = (amountMinor: number, measure: "revenue" | "expenses" | "profit") => (
    <Link href={drillDownHref({ ...span, measure, currency, amountMinor, name: undefined })}>{f.money(amountMinor, currency, { unit: false, fraction: "whole" })}</Link>
  );
  const percent = (profitMinor: number, revenueMinor: number): string => {
    const margin = marginRatio(profitMinor, revenueMinor);
    return margin === undefined ? "—" : f.percent(margin, 1);
  };
  return (
    <section className="row months" aria-labelledby="months-h">
      <div className="h in">
        <h2 id="months-h">{t("months.title")}</h2>
        <span className="end">{t("months.hint")}</span>
      </div>
      <table className="tbl stack">
        <thead>
          <tr>
            <th className="l">{t("table.month")}</th>
            <th>{t("table.revenueIn", { sign })}</th>
            <th>{t("table.expensesIn", { sign })}</th>
            <th>{t("table.profitIn", { sign })}</th>
            <th>{t("kpi.margin")}</th>
            <th>{t("table.profitChangeIn", { sign })}</th>
          </tr>
        </thead>
        <tbody>
          {months.toReversed().map((month, index, all) => (
            <MonthRow key={month.month} month={month} before={all[index + 1]} currency={currency} />
          ))}
        </tbody>
        {months.length > 1 && (
          <tfoot>
            <tr>
              <td className="l">{t("months.total", { count: months.length })}</td>
              <td className="only-wide">{cell(total("revenueMinor"), "revenue")}</td>
              <td className="only-wide">{cell(total("expensesMinor"), "expenses")}</td>
              <td className="r">{cell(total("profitMinor"), "profit")}</td>
              <td className="only-wide">{percent(total("profitMinor"), total("revenueMinor"))}</td>
              <td className="only-wide" />
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  );
}

function MonthRow({ month, before, currency }: { readonly month: Month; readonly before: Month | undefined; readonly currency: string }) {
  const { t, f } = useText();
  const margin = marginRatio(month.profitMinor, month.revenueMinor);
  const figure = (amountMinor: number, measure: "revenue" | "expenses" | "profit") => (
    <Link href={drillDownHref({ from: firstDay(month.month), to: lastDay(month.month), measure, currency, amountMinor, name: undefined })}>
      {f.money(amountMinor, currency, { unit: false, fraction: "whole" })}
    </Link>
  );
  return (
    <tr>
      <td className="l">
        {f.month(month.month)} {month.partial && <span className="pill sq">{t("months.partial")}</span>}
      </td>
      <td className="only-wide">{figure(month.revenueMinor, "revenue")}</td>
      <td className="only-wide">{figure(month.expensesMinor, "expenses")}</td>
      <td className={`r ${month.profitMinor < 0 ? "neg" : ""}`}>{figure(month.profitMinor, "profit")}</td>
      <td className="only-wide quiet">{margin === undefined ? "—" : f.percent(margin, 1)}</td>
      <td className="only-wide">{!month.partial && <MoneyDelta value={month.profitMinor} base={before?.profitMinor ?? null} currency={currency} better="up" short />}</td>
      <td className="only-narrow two quiet">
        {t("months.line", { revenue: f.short(month.revenueMinor, currency), expenses: f.short(month.expensesMinor, currency) })}
      </td>
    </tr>
  );
}
