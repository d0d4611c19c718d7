import { firstDay, lastDay, type DetailReport } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { RowsLink } from "./rows-link.tsx";

/** Shares of the usual amount from which a cell is coloured, largest first. */
const warmFrom = [["h3", 2], ["h2", 1.5], ["h1", 1.15]] as const;
const coldBelow = [["c2", 0.6], ["c1", 0.85]] as const;

/** How a month's amount differs from what is usual for its category, as the class of its cell. */
function heatOf(amountMinor: number, usualMinor: number): string {
  if (usualMinor <= 0) return "";
  const share = amountMinor / usualMinor;
  return warmFrom.find(([, from]) => share >= from)?.[0] ?? coldBelow.find(([, below]) => share <= below)?.[0] ?? "";
}

/** Expenses of each month by category; the colour says how far from usual, not how much. */
export function ExpenseMatrix({ report }: { readonly report: DetailReport }) {
  const { t, f } = useText();
  const { months, lines, totalsMinor, totalMinor } = report.matrix;
  const all = report.profitAndLoss.expenses;
  if (lines.length === 0 || months.length < 2) return null;
  const daysOf = (month: string) => ({ from: firstDay(month), to: lastDay(month) });
  const span = { from: firstDay(months[0]?.month ?? ""), to: lastDay(months.at(-1)?.month ?? "") };
  return (
    <div className="row">
      <section aria-labelledby="matrix-h" className="table-part">
        <div className="h in">
          <h2 id="matrix-h">{t("detail.matrix", { sign: f.sign(report.currency) })}</h2>
          <span className="end only-wide">{t("detail.matrixHint")}</span>
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a table that scrolls sideways is reached by keys */}
        <div className="scroll-x" tabIndex={0} role="region" aria-label={t("detail.scrolls")}>
          <table className="tbl matrix" data-density="dense">
            <thead>
              <tr>
                <th className="l">{t("detail.category")}</th>
                {months.map(({ month, partial }, index) => (
                  <th key={month}>
                    {f.monthAxis(month, index === 0 || month.endsWith("-01"))}
                    {partial && "*"}
                  </th>
                ))}
                <th>{t("detail.total")}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={line.categoryId ?? "none"}>
                  <td className="l">
                    <span className="sw" style={{ background: line.slot >= 1 && line.slot <= 8 ? `var(--cat-${line.slot})` : "var(--cat-other)" }} />
                    {line.name ?? t("category.none")}
                  </td>
                  {months.map(({ month, partial }, index) => {
                    const amountMinor = line.cellsMinor[index] ?? 0;
                    return (
                      <td key={month} className={partial ? "" : heatOf(amountMinor, line.usualMinor)}>
                        {amountMinor === 0 ? "" : <RowsLink report={report} line={line} name={line.name ?? t("category.none")} days={daysOf(month)} amountMinor={amountMinor} bare />}
                      </td>
                    );
                  })}
                  <td>
                    <b>
                      <RowsLink report={report} line={line} name={line.name ?? t("category.none")} days={span} amountMinor={line.totalMinor} bare />
                    </b>
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td className="l">{t("detail.total")}</td>
                {months.map(({ month }, index) => (
                  <td key={month}>
                    <RowsLink report={report} line={all} name={t("kpi.expenses")} days={daysOf(month)} amountMinor={totalsMinor[index] ?? 0} bare />
                  </td>
                ))}
                <td>
                  <RowsLink report={report} line={all} name={t("kpi.expenses")} days={span} amountMinor={totalMinor} bare />
                </td>
              </tr>
            </tfoot>
          </table>
        </div>
        <div className="tbl-foot">
          <span className="legend-heat">
            {t("detail.below")} <i className="heat-c2" />
            <i className="heat-c1" />
            <i className="heat-0" />
            <i className="heat-1" />
            <i className="heat-2" />
            <i className="heat-3" /> {t("detail.above")}
          </span>
          {months.some(({ partial }) => partial) && <span>{t("detail.partialStar")}</span>}
        </div>
      </section>
    </div>
  );
}
