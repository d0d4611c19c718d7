import type { DetailReport } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { daysText } from "../days-text.ts";
import { baseFigure, type Base } from "./base.ts";
import { RowsLink } from "./rows-link.tsx";

/** The finding of the page in one sentence, and its three figures. */
export function DetailHead({ report, against, base }: { readonly report: DetailReport; readonly against: string; readonly base: Base }) {
  const { t, f } = useText();
  const { currency, profitAndLoss, period } = report;
  const { revenue, expenses, profit, marginBasisPoints } = profitAndLoss;
  const money = (amount: number) => f.money(amount, currency, { fraction: "whole" });
  const now = profit.figures.currentMinor;
  const before = baseFigure(profit.figures, base);
  const direction = before === null ? "alone" : now > before ? "up" : now < before ? "down" : "same";
  const change = (line: typeof revenue) => f.money(line.figures.currentMinor - (baseFigure(line.figures, base) ?? 0), currency, { fraction: "whole", sign: "change" });
  return (
    <div className="page-head">
      <div>
        <h1>{t(`detail.title.${direction}`, { before: money(before ?? 0), now: money(now), period: daysText(period, f) })}</h1>
        <p>
          {t("detail.figures")} <RowsLink report={report} line={revenue} name={t("kpi.revenue")} days={period} amountMinor={revenue.figures.currentMinor} />
          {" − "}
          <RowsLink report={report} line={expenses} name={t("kpi.expenses")} days={period} amountMinor={expenses.figures.currentMinor} />
          {marginBasisPoints !== null && ` · ${t("kpi.margin")} ${f.percent(marginBasisPoints / 10_000, 1)}`}
          {before !== null && ` · ${t("detail.changes", { revenue: change(revenue), expenses: change(expenses), against })}`}
        </p>
      </div>
    </div>
  );
}
