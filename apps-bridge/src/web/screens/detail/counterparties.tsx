import { useState } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { LineRow, LinesHead, type LinesView } from "./lines.tsx";

/** Names in sight before all are asked for. */
const namesShown = 10;

/** Who brought money, or who took it. */
export function Counterparties({ report, base, side }: LinesView & { readonly side: "customers" | "suppliers" }) {
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
          <LinesHead report={report} base={base} name={t("detail.name")} />
          <tbody>
            {[...lines, ...(others && (isAll || largest.length <= namesShown) ? [{ ...others, name: undefined }] : [])].map((line) => {
              const name = line.name === undefined ? t("detail.others") : (line.name ?? t("detail.nameless"));
              return <LineRow key={line.name === undefined ? "others" : (line.name ?? "")} {...{ report, base, name, line, better }} />;
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
