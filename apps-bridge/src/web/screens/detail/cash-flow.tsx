import type { DetailReport } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { againstOf, daysText, type Base } from "./base.ts";
import { BaseLink } from "./category-table.tsx";
import { ChangeCells } from "./change-cells.tsx";
import { RowsLink } from "./rows-link.tsx";

type Line = Pick<DetailReport["cashFlow"]["net"], "figures" | "rows">;

/** Where cash came from and went to: operating, investing, financing; with what was there before and after. */
export function CashFlow({ report, base }: { readonly report: DetailReport; readonly base: Base }) {
  const { t, f } = useText();
  const { sections, transfers, net, balances } = report.cashFlow;
  const row = (name: string, line: Line, className = "") => (
    <tr key={`${className} ${name}`} className={className}>
      <td className="l">{name}</td>
      <td className="r">
        <RowsLink report={report} line={line} name={name} days={report.period} amountMinor={line.figures.currentMinor} bare />
      </td>
      <td className="x quiet">
        <BaseLink report={report} base={base} line={line} name={name} />
      </td>
      <ChangeCells figures={line.figures} base={base} currency={report.currency} better="up" />
    </tr>
  );
  const balance = (name: string, amountMinor: number) => (
    <tr className="balance">
      <td className="l">{name}</td>
      <td className="r">{f.money(amountMinor, report.currency, { fraction: "whole", unit: false })}</td>
      <td className="x" />
      <td className="r" />
      <td className="x" />
    </tr>
  );
  const hasTransfers = Object.values(transfers.figures).some((amount) => amount !== null && amount !== 0);
  return (
    <div className="row">
      <section aria-labelledby="cash-flow-h" className="table-part">
        <div className="h in">
          <h2 id="cash-flow-h">{t("detail.cashFlow", { sign: f.sign(report.currency) })}</h2>
        </div>
        <table className="tbl stack">
          <thead>
            <tr>
              <th className="l">{t("detail.activity")}</th>
              <th>{daysText(report.period, f)}</th>
              <th className="x">{againstOf(report, base, t, f)}</th>
              <th>{t("detail.change")}</th>
              <th className="x">%</th>
            </tr>
          </thead>
          <tbody>
            {balances !== null && balance(t("detail.opening"), balances.openingMinor)}
            {sections.flatMap(({ activity, total, lines }) => [
              row(t(`detail.activity.${activity}`), total, "section"),
              ...lines.filter(({ figures }) => figures.currentMinor !== 0).map((line) => row(line.name ?? t("category.none"), line, "below")),
            ])}
            {hasTransfers && row(t("detail.transfers"), transfers, "section")}
          </tbody>
          <tfoot>
            {row(t("detail.netCash"), net)}
            {balances !== null && balance(t("detail.closing"), balances.closingMinor)}
          </tfoot>
        </table>
        {balances === null && <p className="say in">{t("detail.noBalances")}</p>}
      </section>
    </div>
  );
}
