import { monthOf, type DashboardReport } from "@saldo/schema";
import type { ReactNode } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { arrowOf, meaningOf, MoneyDelta, type Better } from "../../parts/delta.tsx";
import { FigureParts } from "../../parts/figure.tsx";
import { Sparkline } from "../../parts/sparkline.tsx";
import { Link } from "../../state/route.tsx";
import { drillDownHref } from "../../state/transaction-query.ts";
import { daysText } from "../days-text.ts";
import { comparedWith, monthsUpTo } from "./comparison.ts";
import { marginRatio } from "./margin.ts";

/** Profit, revenue, expenses and margin of the month, each against the month before. */
export function KpiCards({ report }: { readonly report: DashboardReport }) {
  const { t, f } = useText();
  const trend = monthsUpTo(report).slice(-12);
  const { period } = report;
  const profit = period.kind === "month" ? t("kpi.profitOf", { month: f.monthName(monthOf(period.from)) }) : t("kpi.profit");
  return (
    <div className="row g-kpis" role="group" aria-label={t("kpi.group", { month: daysText(period, f) })}>
      <MoneyCard report={report} measure="profit" better="up" label={profit} values={trend.map(({ profitMinor }) => profitMinor)} />
      <MoneyCard report={report} measure="revenue" better="up" label={t("kpi.revenue")} values={trend.map(({ revenueMinor }) => revenueMinor)} />
      <MoneyCard report={report} measure="expenses" better="down" label={t("kpi.expenses")} values={trend.map(({ expensesMinor }) => expensesMinor)} />
      <MarginCard report={report} />
    </div>
  );
}

function MoneyCard(props: {
  readonly report: DashboardReport;
  readonly measure: "profit" | "revenue" | "expenses";
  readonly better: Better;
  readonly label: string;
  readonly values: readonly number[];
}) {
  const { t, f } = useText();
  const { report, measure, label } = props;
  const { currency, period, comparedWith: before } = report;
  const when = comparedWith(report, t, f, "short");
  const { currentMinor, previousMinor } = report[measure];
  const full = f.money(currentMinor, currency);
  const href = drillDownHref({ from: period.from, to: period.to, measure, currency, amountMinor: currentMinor, name: undefined });
  return (
    <Card label={label} values={props.values}>
      <Link className="val" href={href} title={full}>
        <span aria-hidden="true">
          <FigureParts parts={f.shortParts(currentMinor, currency)} />
        </span>
        <span className="sr">{`${label}: ${full}`}</span>
      </Link>
      <p className="delta-line">
        <MoneyDelta value={currentMinor} base={before === null ? null : previousMinor} currency={currency} better={props.better} short />
      </p>
      <p className="base" title={f.money(previousMinor, currency)}>
        {before === null || when === undefined ? (
          t("kpi.noBase")
        ) : (
          <Link href={drillDownHref({ ...before, measure, currency, amountMinor: previousMinor, name: undefined })}>{t("kpi.was", { amount: f.short(previousMinor, currency), when })}</Link>
        )}
      </p>
    </Card>
  );
}

function MarginCard({ report }: { readonly report: DashboardReport }) {
  const { t, f } = useText();
  const { revenue, expenses, profit } = report;
  const margin = marginRatio(profit.currentMinor, revenue.currentMinor);
  const when = comparedWith(report, t, f, "short");
  const before = when === undefined ? undefined : marginRatio(profit.previousMinor, revenue.previousMinor);
  // Hundredths of a percent, as they are shown: the difference of the two figures in sight.
  const difference = margin === undefined || before === undefined ? undefined : Math.round(margin * 10_000) - Math.round(before * 10_000);
  const values = monthsUpTo(report)
    .slice(-12)
    .map((month) => marginRatio(month.profitMinor, month.revenueMinor));
  const times = revenue.currentMinor > 0 ? expenses.currentMinor / revenue.currentMinor : 0;
  const base =
    margin !== undefined
      ? before === undefined || when === undefined
        ? t("kpi.noBase")
        : t("kpi.was", { amount: f.percent(before, 2), when })
      : revenue.currentMinor > 0
        ? t("kpi.timesRevenue", { times: f.number(times, times < 100 ? 1 : 0) })
        : t("kpi.noRevenue");
  return (
    <Card label={t("kpi.margin")} values={values.flatMap((value) => value ?? [])}>
      {margin === undefined ? (
        <span className="val">—</span>
      ) : (
        <span className="val">
          {f.number(margin * 100, 2)}
          <small>{"\u00a0%"}</small>
        </span>
      )}
      <p className="delta-line">
        {difference !== undefined && difference !== 0 && (
          <span className={`delta ${meaningOf(difference, "up")}`}>
            <i aria-hidden="true">{arrowOf(difference)}</i>
            {f.points(difference)}
          </span>
        )}
        {difference === 0 && <span className="delta quiet">{t("delta.same")}</span>}
      </p>
      <p className="base" title={base}>
        {base}
      </p>
    </Card>
  );
}

function Card({ label, values, children }: { readonly label: string; readonly values: readonly number[]; readonly children: ReactNode }) {
  return (
    <div className="cell kpi">
      <h3 className="label">{label}</h3>
      <Sparkline values={values} />
      {children}
    </div>
  );
}
