import type { DashboardReport } from "@saldo/schema";
import type { ReactNode } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { arrowOf, meaningOf, MoneyDelta, type Better } from "../../parts/delta.tsx";
import { FigureParts } from "../../parts/figure.tsx";
import { Sparkline } from "../../parts/sparkline.tsx";
import { Link } from "../../state/route.tsx";
import { drillDownHref } from "../../state/transaction-query.ts";
import { comparedWith, monthsUpTo } from "./comparison.ts";

/** Profit, revenue, expenses and margin of the month, each against the month before. */
export function KpiCards({ report }: { readonly report: DashboardReport }) {
  const { t, f } = useText();
  const trend = monthsUpTo(report).slice(-12);
  const name = report.period.from.slice(0, 7);
  return (
    <div className="row g-kpis" role="group" aria-label={t("kpi.group", { month: f.month(name) })}>
      <MoneyCard report={report} measure="profit" better="up" label={t("kpi.profitOf", { month: f.monthName(name) })} values={trend.map(({ profitMinor }) => profitMinor)} />
      <MoneyCard report={report} measure="revenue" better="up" label={t("kpi.revenue")} values={trend.map(({ revenueMinor }) => revenueMinor)} />
      <MoneyCard report={report} measure="expenses" better="down" label={t("kpi.expenses")} values={trend.map(({ expensesMinor }) => expensesMinor)} />
      <MarginCard report={report} values={trend.map(({ revenueMinor, profitMinor }) => (revenueMinor > 0 ? profitMinor / revenueMinor : 0))} />
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
  const { currency, period } = report;
  const { currentMinor, previousMinor } = report[measure];
  const full = f.money(currentMinor, currency);
  const href = drillDownHref({ from: period.from, to: period.to, measure, currency, amountMinor: currentMinor, name: undefined });
  return (
    <Card label={label} values={props.values}>
      <Link className="val" href={href} title={full} aria-label={`${label}: ${full}`}>
        <FigureParts parts={f.shortParts(currentMinor, currency)} />
      </Link>
      <p className="delta-line">
        <MoneyDelta value={currentMinor} base={previousMinor} currency={currency} better={props.better} short />
      </p>
      <p className="base" title={f.money(previousMinor, currency)}>
        {t("kpi.was", { amount: f.short(previousMinor, currency), when: comparedWith(report, t, f) })}
      </p>
    </Card>
  );
}

function MarginCard({ report, values }: { readonly report: DashboardReport; readonly values: readonly number[] }) {
  const { t, f } = useText();
  const { profitMarginBasisPoints: margin, previousProfitMarginBasisPoints: before } = report;
  const difference = margin === null || before === null ? null : margin - before;
  return (
    <Card label={t("kpi.margin")} values={values}>
      {margin === null ? (
        <span className="val">—</span>
      ) : (
        <span className="val">
          {f.number(margin / 100, 2)}
          <small>{"\u00a0%"}</small>
        </span>
      )}
      <p className="delta-line">
        {difference !== null && difference !== 0 && (
          <span className={`delta ${meaningOf(difference, "up")}`}>
            <i aria-hidden="true">{arrowOf(difference)}</i>
            {f.points(difference)}
          </span>
        )}
        {difference === 0 && <span className="delta quiet">{t("delta.same")}</span>}
      </p>
      <p className="base">
        {margin === null
          ? t("kpi.noRevenue")
          : before === null
            ? t("kpi.noBase")
            : t("kpi.was", { amount: f.percent(before / 10_000, 2), when: comparedWith(report, t, f) })}
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
