import type { DashboardReport } from "@saldo/schema";
import { changeOf } from "../../../format/change.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Link } from "../../state/route.tsx";
import { drillDownHref } from "../../state/transaction-query.ts";
import { comparedWith } from "./comparison.ts";

/** Bars in sight; what follows is one line. */
const barsMax = 9;

type Category = DashboardReport["categoryBreakdown"][number];

/** Where the money went: sorted bars with a tick at the month before. */
export function CategoryBars({ report }: { readonly report: DashboardReport }) {
  const { t, f } = useText();
  const { currency, categoryBreakdown: all } = report;
  const shown = all.slice(0, barsMax);
  const rest = all.slice(barsMax);
  const when = comparedWith(report, t, f);
  const top = Math.max(1, ...shown.flatMap(({ amountMinor, previousMinor }) => [amountMinor, previousMinor]));
  return (
    <section className="cell" aria-labelledby="where-h">
      <div className="h">
        <h2 id="where-h">{shown.length === 0 ? t("categories.empty") : t("categories.title", { amount: f.money(report.expenses.currentMinor, currency, { fraction: "whole" }) })}</h2>
        {shown.length > 0 && when !== undefined && <span className="end">{t("categories.tick", { when })}</span>}
      </div>
      <div className="hbars">
        {shown.map((category) => (
          <Bar key={category.categoryId ?? "none"} category={category} report={report} top={top} />
        ))}
      </div>
      {shown.length > 0 && shown.every(({ categoryId }) => categoryId === null) && (
        <p className="say">
          {t("categories.allNone")}{" "}
          <Link href={withMonth(report)}>{t("categories.give")}</Link>
        </p>
      )}
      {rest.length > 0 && (
        <p className="say">
          <Link href={`/detail?${new URLSearchParams({ period: `${report.period.from}..${report.period.to}` }).toString()}`}>
            {t("categories.rest", { count: rest.length, amount: f.money(rest.reduce((sum, { amountMinor }) => sum + amountMinor, 0), currency, { fraction: "whole" }) })}
          </Link>
        </p>
      )}
    </section>
  );
}

/** The month's rows that have no category. */
function withMonth({ period }: DashboardReport): string {
  return `/transactions?${new URLSearchParams({ from: period.from, to: period.to, direction: "out", category: "none" }).toString()}`;
}

function Bar({ category, report, top }: { readonly category: Category; readonly report: DashboardReport; readonly top: number }) {
  const { t, f } = useText();
  const { currency, period } = report;
  const { amountMinor, previousMinor, categoryId, slot } = category;
  const name = category.name ?? t("category.none");
  const percent = (amount: number): string => `${(Math.max(0, amount) / top) * 100}%`;
  const title = t("categories.barTitle", {
    name,
    amount: f.money(amountMinor, currency),
    share: f.percent(category.shareBasisPoints / 10_000, 1),
    previous: f.money(previousMinor, currency),
    when: comparedWith(report, t, f) ?? "",
  });
  const href = drillDownHref({ from: period.from, to: period.to, measure: "expenses", currency, amountMinor, categoryId, name });
  return (
    <Link className="hbar" href={href} title={title}>
      <span className="n">{name}</span>
      <span className="track">
        <span className="bar" style={{ width: percent(amountMinor), background: slot >= 1 && slot <= 8 ? `var(--cat-${slot})` : "var(--cat-other)" }} />
        {previousMinor > 0 && <span className="tick" style={{ left: percent(previousMinor) }} />}
      </span>
      <span className="v">{f.money(amountMinor, currency, { unit: false, fraction: "whole" })}</span>
      <ChangeText amount={amountMinor} base={previousMinor} />
    </Link>
  );
}

/** Costs up is bad: red, with its sign. */
function ChangeText({ amount, base }: { readonly amount: number; readonly base: number }) {
  const { t, f } = useText();
  const change = changeOf(amount, base);
  if (change.kind === "none" || change.kind === "same") return <span className="d">{t("delta.sameShort")}</span>;
  const tone = change.deltaMinor > 0 ? "neg" : "pos";
  if (change.kind === "percent") return <span className={`d ${tone}`}>{f.percent(change.ratio, 1, "change")}</span>;
  if (change.kind === "times") return <span className={`d ${tone}`}>{f.times(change.times)}</span>;
  return <span className={`d ${tone}`}>{t(base === 0 ? "delta.new" : "delta.much")}</span>;
}
