import type { DetailReport } from "@saldo/schema";
import { useState } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { againstOf, daysText, type Base } from "./base.ts";
import { BaseLink } from "./category-table.tsx";
import { ChangeCells } from "./change-cells.tsx";
import { RowsLink } from "./rows-link.tsx";

/** Names in sight before all are asked for. */
const namesShown = 10;

/** Who brought money, or who took it. */
export function Counterparties({ report, base, side }: { readonly report: DetailReport; readonly base: Base; readonly side: "customers" | "suppliers" }) {
  const { t, f } = useText();
  const [isAll, setIsAll] = useState(false);
  const { largest, others, count } = report[side];
  const better = side === "customers" ? "up" : "down";
  const lines = isAll ? largest : largest.slice(0, namesShown);
  if (largest.length === 0) return null;
  return (
    <section aria-labelledby={`${side}-h`} className="table-part">
      <div className="h in">
        <h2 id={`${side}-h`}>{t(`detail.${side}`, { count, sign: f.sign(report.currency) })}</h2>
      </div>
      <div className="scroll-x">
        <table className="tbl stack">
          <thead>
            <tr>
              <th className="l">{t("detail.name")}</th>
              <th>{daysText(report.period, f)}</th>
              <th className="x">{againstOf(report, base, t, f)}</th>
              <th>{t("detail.change")}</th>
              <th className="x">%</th>
            </tr>
          </thead>
          <tbody>
            {[...lines, ...(others && (isAll || largest.length <= namesShown) ? [{ ...others, name: undefined }] : [])].map((line) => {
              const name = line.name === undefined ? t("detail.others") : (line.name ?? t("detail.nameless"));
              return (
                <tr key={line.name === undefined ? "others" : (line.name ?? "")}>
                  <td className="l wrap">{name}</td>
                  <td className="r">
                    <RowsLink report={report} line={line} name={name} days={report.period} amountMinor={line.figures.currentMinor} bare />
                  </td>
                  <td className="x quiet">
                    <BaseLink report={report} base={base} line={line} name={name} />
                  </td>
                  <ChangeCells figures={line.figures} base={base} currency={report.currency} better={better} />
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {largest.length > namesShown && (
        <div className="tbl-foot">
          <button type="button" className="btn s" onClick={() => setIsAll(!isAll)}>
            {isAll ? t("detail.fewer") : t("detail.more", { count: largest.length - namesShown })}
          </button>
        </div>
      )}
    </section>
  );
}
