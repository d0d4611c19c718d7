import type { DetailReport } from "@saldo/schema";
import { useState } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { detailHref } from "../../state/transaction-query.ts";
import { Link } from "../../state/route.tsx";
import { daysText } from "../days-text.ts";

const [width, height, base, top] = [1192, 216, 170, 26] as const;

interface Bar {
  readonly name: string;
  readonly note: string;
  readonly low: number;
  readonly high: number;
  readonly text: string;
  readonly tone: "total" | "pos" | "neg";
  /** Where the next bar begins. */
  readonly end: number;
  readonly href: string;
}

/** Why profit changed: from what it was, step by step, to what it is. */
export function ProfitBridge({ report }: { readonly report: DetailReport }) {
  const { t, f } = useText();
  const [view, setView] = useState<"chart" | "table">("chart");
  const bars = useBars(report);
  const sign = f.sign(report.currency);
  const table = (
    <table className="ledger">
      <tbody>
        {bars.map(({ name, note, text, tone, href }) => (
          <tr key={`${name} ${note}`}>
            <td>
              {name} {note}
            </td>
            <td className={tone === "total" ? "" : tone}><Link href={href}>{text}</Link></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <div className="row">
      <section className="cell" aria-labelledby="bridge-h">
        <div className="h">
          <h2 id="bridge-h">{t("detail.bridge", { sign })}</h2>
          <span className="end only-wide">
            <Segmented label={t("detail.view")} value={view} onChange={setView} options={[{ value: "chart", text: t("detail.chart") }, { value: "table", text: t("detail.table") }]} />
          </span>
        </div>
        {view === "chart" && (
          <figure className="chart only-wide">
            <Waterfall bars={bars} label={t("detail.bridgeSummary", { steps: bars.map(({ name, text }) => `${name} ${text}`).join(", ") })} />
          </figure>
        )}
        <div className={view === "chart" ? "only-narrow" : ""}>{table}</div>
      </section>
    </div>
  );
}

function useBars(report: DetailReport): readonly Bar[] {
  const { t, f } = useText();
  const { bridge, currency, period, comparisons, profitAndLoss } = report;
  const before = bridge?.against === "previous" ? comparisons.previous : comparisons.yearAgo;
  if (bridge === null || before === null) return [];
  const amount = (value: number, signed: boolean) => f.money(value, currency, { fraction: "whole", unit: false, ...(signed ? { sign: "change" } : {}) });
  const total = (value: number, days: typeof before): Bar => ({
    name: t("kpi.profit"),
    note: daysText(days, f),
    low: Math.min(0, value),
    high: Math.max(0, value),
    text: amount(value, false),
    tone: "total",
    end: value,
    href: detailHref({ rows: profitAndLoss.profit.rows, days, currency, amountMinor: value, name: t("kpi.profit") }),
  });
  const startOf = (index: number): number => bridge.steps.slice(0, index).reduce((sum, { deltaMinor }) => sum + deltaMinor, bridge.fromMinor);
  const steps = bridge.steps.map(({ kind, name, deltaMinor, rows }, index): Bar => {
    const from = startOf(index);
    const at = from + deltaMinor;
    const shown = kind === "revenue" ? t("kpi.revenue") : kind === "rest" ? t("detail.rest") : (name ?? t("category.none"));
    const now = currentOf(report, rows);
    const href = detailHref({ rows, days: period, currency, amountMinor: now, name: shown });
    return { name: shown, note: "", low: Math.min(from, at), high: Math.max(from, at), text: amount(deltaMinor, true), tone: deltaMinor < 0 ? "neg" : "pos", end: at, href };
  });
  return [total(bridge.fromMinor, before), ...steps, total(bridge.toMinor, period)];
}

/** What the rows of a step come to in the period. */
function currentOf({ profitAndLoss, categories }: DetailReport, { categoryIds }: DetailReport["profitAndLoss"]["revenue"]["rows"]): number {
  if (categoryIds === undefined) return profitAndLoss.revenue.figures.currentMinor;
  const tops = categories.filter((line) => line.side === "expenses" && line.depth === 0 && categoryIds.includes(line.categoryId));
  return tops.reduce((sum, { figures }) => sum + figures.currentMinor, 0);
}

function Waterfall({ bars, label }: { readonly bars: readonly Bar[]; readonly label: string }) {
  const high = Math.max(0, ...bars.map((bar) => bar.high));
  const low = Math.min(0, ...bars.map((bar) => bar.low));
  const y = (value: number): number => top + ((high - value) / (high - low || 1)) * (base - top - 14);
  const step = (width - 16) / bars.length;
  const barWidth = step * 0.66;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <line className="axis" x1="8" x2={width - 8} y1={y(0)} y2={y(0)} />
      {bars.map(({ name, note, text, tone, href, ...bar }, index) => {
        const x = 8 + index * step + (step - barWidth) / 2;
        const middle = x + barWidth / 2;
        const words = wrapped(name);
        const drawn = (
          <g>
            <rect className={`b-${tone}`} x={x} y={y(bar.high)} width={barWidth} height={Math.max(1, y(bar.low) - y(bar.high))} />
            <text x={middle} y={y(bar.high) - 6} textAnchor="middle" className={`halo t-${tone === "total" ? "strong" : tone}`}>
              {text}
            </text>
          </g>
        );
        return (
          <g key={`${name} ${note}`}>
            <Link href={href}>{drawn}</Link>
            {index < bars.length - 1 && <line className="axis" strokeDasharray="1 2" x1={x + barWidth} x2={x + step} y1={y(bar.end)} y2={y(bar.end)} />}
            {[...words, note].filter((line) => line !== "").map((line, row) => (
              <text key={line} x={middle} y={base + 16 + row * 13} textAnchor="middle" className={tone === "total" ? "t-mid" : ""}>
                {line}
              </text>
            ))}
          </g>
        );
      })}
    </svg>
  );
}

/** A name on at most two lines of a narrow column. */
function wrapped(name: string): readonly string[] {
  const lengthMax = 19;
  if (name.length <= lengthMax) return [name];
  const space = name.lastIndexOf(" ", lengthMax);
  const first = space > 0 ? name.slice(0, space) : name.slice(0, lengthMax);
  const rest = name.slice(first.length).trim();
  return [first, rest.length > lengthMax ? `${rest.slice(0, lengthMax - 1)}…` : rest];
}
