import type { DetailCategory, DetailReport } from "@saldo/schema";
import { useState } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Sparkline } from "../../parts/sparkline.tsx";
import { daysText } from "../days-text.ts";
import { againstOf, baseFigure, type Base } from "./base.ts";
import { ChangeBar, ChangeCells } from "./change-cells.tsx";
import { BaseLink } from "./lines.tsx";
import { RowsLink } from "./rows-link.tsx";

interface TableProps {
  readonly report: DetailReport;
  readonly base: Base;
  readonly side: "revenue" | "expenses";
}

/** One side by category: a tree that folds, each line with what it was, how it changed and the last twelve months. */
export function CategoryTable({ report, base, side }: TableProps) {
  const { t, f } = useText();
  const [folded, setFolded] = useState<ReadonlySet<string | null>>(new Set());
  const lines = report.categories.filter((line) => line.side === side);
  const parents = new Set(lines.map(({ parentId }) => parentId));
  const shown = lines.filter((line) => !isFolded(line, lines, folded));
  const total = report.profitAndLoss[side];
  const sign = f.sign(report.currency);
  const better = side === "revenue" ? "up" : "down";
  const largest = Math.max(1, ...lines.map(({ figures }) => Math.abs(figures.currentMinor - (baseFigure(figures, base) ?? figures.currentMinor))));
  const toggle = (id: string | null) => setFolded(new Set(folded.has(id) ? [...folded].filter((each) => each !== id) : [...folded, id]));
  if (lines.length === 0) return null;
  const against = againstOf(report, base, t, f);
  return (
    <div className="row">
      <section aria-labelledby={`${side}-h`} className="table-part">
        <div className="h in">
          <h2 id={`${side}-h`}>{t(`detail.${side}ByCategory`, { sign })}</h2>
        </div>
        <div className="scroll-x">
          <table className="tbl stack">
            <thead>
              <tr>
                <th className="l">{t("detail.category")}</th>
                <th>{daysText(report.period, f)}</th>
                <th className="x">{against}</th>
                <th className="x" aria-label={t("detail.change")} />
                <th>{t("detail.change")}</th>
                <th className="x">%</th>
                <th className="x">{t("detail.share")}</th>
                <th className="x">{t("detail.year")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((line) => (
                <Line key={line.categoryId ?? "none"} {...{ report, base, line, largest, better }} hasParts={parents.has(line.categoryId) && line.categoryId !== null} isFolded={folded.has(line.categoryId)} onToggle={() => toggle(line.categoryId)} />
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td className="l">{t("detail.total")}</td>
                <td className="r">
                  <RowsLink report={report} line={total} name={t(`kpi.${side}`)} days={report.period} amountMinor={total.figures.currentMinor} bare />
                </td>
                <td className="x quiet">
                  <BaseLink report={report} base={base} line={total} name={t(`kpi.${side}`)} />
                </td>
                <td className="x" />
                <ChangeCells figures={total.figures} base={base} currency={report.currency} better={better} />
                <td className="x" />
                <td className="x" />
              </tr>
            </tfoot>
          </table>
        </div>
      </section>
    </div>
  );
}

/** True when a line lies below one that is folded. */
function isFolded(line: DetailCategory, lines: readonly DetailCategory[], folded: ReadonlySet<string | null>): boolean {
  for (let above = line.parentId; above !== null; above = lines.find(({ categoryId }) => categoryId === above)?.parentId ?? null) if (folded.has(above)) return true;
  return false;
}

interface LineProps {
  readonly report: DetailReport;
  readonly base: Base;
  readonly line: DetailCategory;
  readonly largest: number;
  readonly better: "up" | "down";
  readonly hasParts: boolean;
  readonly isFolded: boolean;
  readonly onToggle: () => void;
}

function Line({ report, base, line, largest, better, hasParts, isFolded: isClosed, onToggle }: LineProps) {
  const { t, f } = useText();
  const name = line.name ?? t("category.none");
  const before = baseFigure(line.figures, base);
  return (
    <tr className={line.depth > 0 ? "below" : ""}>
      <td className="l" style={{ paddingLeft: `calc(var(--cell-x, 12px) + ${line.depth * 18}px)` }}>
        {line.depth === 0 && <span className="sw" style={{ background: line.slot >= 1 && line.slot <= 8 ? `var(--cat-${line.slot})` : "var(--cat-other)" }} />}
        {name}
        {hasParts && (
          <button type="button" className="fold" aria-expanded={!isClosed} aria-label={t("detail.fold", { name })} onClick={onToggle}>
            <Icon name={isClosed ? "right" : "down"} small />
          </button>
        )}
      </td>
      <td className="r">
        <RowsLink report={report} line={line} name={name} days={report.period} amountMinor={line.figures.currentMinor} bare />
      </td>
      <td className="x quiet">
        <BaseLink report={report} base={base} line={line} name={name} />
      </td>
      <td className="x">
        <ChangeBar deltaMinor={before === null ? 0 : line.figures.currentMinor - before} largestMinor={largest} better={better} />
      </td>
      <ChangeCells figures={line.figures} base={base} currency={report.currency} better={better} />
      <td className="x">{f.percent(line.shareBasisPoints / 10_000, 1)}</td>
      <td className="x">
        <Sparkline values={line.trendMinor} />
      </td>
    </tr>
  );
}
