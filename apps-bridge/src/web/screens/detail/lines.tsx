import type { DetailLine, DetailReport } from "@saldo/schema";
import type { ReactNode } from "react";
import { useText } from "../../i18n/preferences.tsx";
import type { Better } from "../../parts/delta.tsx";
import { daysText } from "../days-text.ts";
import { againstOf, baseDays, baseFigure, type Base } from "./base.ts";
import { ChangeCells } from "./change-cells.tsx";
import { RowsLink } from "./rows-link.tsx";

/** What lines of the report are shown with. */
export interface LinesView {
  readonly report: DetailReport;
  readonly base: Base;
}

/** The head of a table of lines: what they are, the period, what it is held against, the change. */
export function LinesHead({ report, base, name }: LinesView & { readonly name: string }) {
  const { t, f } = useText();
  return (
    <thead>
      <tr>
        <th className="l">{name}</th>
        <th>{daysText(report.period, f)}</th>
        <th className="x">{againstOf(report, base, t, f)}</th>
        <th>{t("detail.change")}</th>
        <th className="x">%</th>
      </tr>
    </thead>
  );
}

/** One line: its name, its figure, what it was, how it changed. `children` stand in the place of the name. */
export function LineRow(props: LinesView & { readonly name: string; readonly line: DetailLine; readonly better: Better; readonly className?: string; readonly children?: ReactNode }) {
  const { report, base, name, line, better, className = "", children = name } = props;
  return (
    <tr className={className}>
      <td className="l wrap">{children}</td>
      <td className="r">
        <RowsLink report={report} line={line} name={name} days={report.period} amountMinor={line.figures.currentMinor} bare />
      </td>
      <td className="x quiet">
        <BaseLink report={report} base={base} line={line} name={name} />
      </td>
      <ChangeCells figures={line.figures} base={base} currency={report.currency} better={better} />
    </tr>
  );
}

/** What the figure was; it leads to its rows, a mean to those of all its periods. */
export function BaseLink({ report, base, line, name }: LinesView & { readonly line: DetailLine; readonly name: string }) {
  const amountMinor = baseFigure(line.figures, base);
  const days = baseDays(report, base);
  if (amountMinor === null || days === null) return null;
  return <RowsLink report={report} line={line} name={name} days={days} amountMinor={amountMinor} isMean={base === "mean"} bare />;
}
