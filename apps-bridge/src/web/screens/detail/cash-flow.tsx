import type { DetailLine } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { LineRow, LinesHead, type LinesView } from "./lines.tsx";

/** Where cash came from and went to: operating, investing, financing; with what was there before and after. */
export function CashFlow({ report, base }: LinesView) {
  const { t, f } = useText();
  const { sections, transfers, net, balances } = report.cashFlow;
  const row = (name: string, line: DetailLine, className = "") => <LineRow key={`${className} ${name}`} {...{ report, base, name, line, className }} better="up" />;
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
          <LinesHead report={report} base={base} name={t("detail.activity")} />
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
