import type { Scenario } from "@saldo/client-core/forecast/outlook";
import type { BusinessForecast } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { componentName } from "./component-name.ts";

/** A scenario by month and category: parts add up to totals, totals to profit, profit to cash. */
export function CategoryTable({ report, course }: { readonly report: BusinessForecast; readonly course: Scenario }) {
  const { t, f } = useText();
  const { currency, components, points, cashOutBasisPoints } = report;
  const sign = f.sign(currency);
  const cell = (amount: number): string => f.money(amount, currency, { unit: false, fraction: "whole" });
  const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
  const amountsOf = (at: number) => course.months.map(({ componentsMinor }) => componentsMinor[at] ?? 0);
  const line = (key: string, name: string, amounts: readonly number[], kind: "part" | "sum") => (
    <tr key={key} className={kind === "sum" ? "sum-row" : undefined}>
      <td className={kind === "part" ? "l indent" : "l"}>{name}</td>
      {amounts.map((amount, step) => (
        <td key={points[step]?.month ?? step} className={amount < 0 ? "neg" : undefined}>
          {cell(amount)}
        </td>
      ))}
      <td className={total(amounts) < 0 ? "neg" : undefined}>{cell(total(amounts))}</td>
    </tr>
  );
  const indexes = components.map((_, at) => at);
  const ofKind = (kind: string) => indexes.filter((at) => components[at]?.kind === kind);
  const lines = (kind: string) =>
    ofKind(kind).flatMap((at) => {
      const component = components[at];
      return component === undefined ? [] : [line(component.id, componentName(component, t), amountsOf(at), "part")];
    });
  return (
    <div className="scroll-x table-twin" tabIndex={0} role="region" aria-label={t("forecast.categoriesLabel", { sign })}>
      <table className="tbl" data-density="dense">
        <thead>
          <tr>
            <th className="l">{sign}</th>
            {points.map(({ month }) => (
              <th key={month}>{f.monthAxis(month, true)}</th>
            ))}
            <th>{t("forecast.total")}</th>
          </tr>
        </thead>
        <tbody>
          {line("revenue-sum", t("forecast.measure.revenue"), course.months.map(({ revenueMinor }) => revenueMinor), "sum")}
          {ofKind("revenue").length > 1 && lines("revenue")}
          {line("expense-sum", t("forecast.measure.expenses"), course.months.map(({ expensesMinor }) => expensesMinor), "sum")}
          {lines("expense")}
          {line("net", t("forecast.measure.net"), course.months.map(({ netMinor }) => netMinor), "sum")}
          {report.cash !== null && (
            <>
              <tr className="sum-row">
                <td className="l">{t("forecast.measure.cash")}</td>
                {course.months.map(({ month, cashMinor }) => (
                  <td key={month} className={(cashMinor ?? 0) < 0 ? "neg" : undefined}>
                    {cell(cashMinor ?? 0)}
                  </td>
                ))}
                <td />
              </tr>
              <tr>
                <td className="l">{t("forecast.cashOut")}</td>
                {(cashOutBasisPoints ?? []).map((chance, step) => (
                  <td key={points[step]?.month ?? step} className={chance >= riskyBasisPoints ? "neg" : "quiet"}>
                    {f.percent(chance / 10_000)}
                  </td>
                ))}
                <td />
              </tr>
            </>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** From one in five on, running out of cash is shown as a warning. */
const riskyBasisPoints = 2_000;
