import type { DetailReport, FigureOfSide } from "@saldo/schema";
import { useId, useState } from "react";
import type { ChangeView } from "../../../bridge/contract/detail.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine, Skeleton } from "../../parts/state-box.tsx";
import { useRead, useTransactionsVersion } from "../../state/bridge.tsx";
import { Link } from "../../state/route.tsx";
import { detailHref } from "../../state/transaction-query.ts";
import { daysText } from "../days-text.ts";

/** Why a figure is another than in the period before: its parts, and the sentences of a model over them where there are any. */
export function WhyChanged({ report, choice }: { readonly report: DetailReport; readonly choice: string | undefined }) {
  const { t } = useText();
  const id = useId();
  const figures = figuresOf(report, t);
  const [chosen, setChosen] = useState(0);
  const figure = figures[chosen] ?? figures[0];
  const { value, error } = useRead("detail.why", { ...(choice === undefined ? {} : { period: choice }), currency: report.currency, figure: figure?.of ?? { side: "expenses" } }, useTransactionsVersion());
  return (
    <div className="row">
      <section className="table-part why" aria-labelledby="why-h">
        <div className="h in">
          <h2 id="why-h">{t("detail.why")}</h2>
          <span className="end">
            <label className="sr" htmlFor={id}>
              {t("detail.whyOf")}
            </label>
            <select id={id} className="select" value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
              {figures.map(({ name }, place) => (
                <option key={place} value={place}>
                  {name}
                </option>
              ))}
            </select>
          </span>
        </div>
        <ErrorLine error={error} />
        {value === undefined && error === undefined && (
          <div className="say in">
            <Skeleton width="70%" height={20} />
          </div>
        )}
        {value != null && <Change change={value} name={figure?.name ?? ""} />}
      </section>
    </div>
  );
}

function Change({ change, name }: { readonly change: ChangeView; readonly name: string }) {
  const { t, f, locale } = useText();
  const { currency, nowMinor, beforeMinor, parts, rest, now, before, inWords } = change;
  const signed = (from: number, to: number) => f.money(to - from, currency, { fraction: "whole", sign: "change" });
  const money = (amountMinor: number) => f.money(amountMinor, currency, { fraction: "whole" });
  const total = t("detail.whyTotal", { name, before: money(beforeMinor), now: money(nowMinor), change: signed(beforeMinor, nowMinor) });
  return (
    <>
      <p className="why-total">{total}</p>
      {inWords?.locale === locale && (
        <div className="in-words">
          <span className="pill sq brand">{t("cloud.inWords")}</span>
          {inWords.sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      )}
      {parts.length === 0 ? (
        <p className="say in">{t("detail.whyNone")}</p>
      ) : (
        <table className="tbl stack" aria-label={t("detail.whyOf")}>
          <thead>
            <tr>
              <th className="l">{t("detail.whyPart")}</th>
              <th className="x">{daysText(before, f)}</th>
              <th>{daysText(now, f)}</th>
              <th>{t("detail.whyChange")}</th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part, place) => {
              const shown = part.name ?? t(part.kind === "category" ? "category.none" : "detail.nameless");
              return (
                <tr key={place}>
                  <td className="l wrap">{shown}</td>
                  <td className="x">{money(part.beforeMinor)}</td>
                  <td className="r">
                    <Link href={detailHref({ rows: part.rows, days: now, currency, amountMinor: part.nowMinor, name: shown })}>{money(part.nowMinor)}</Link>
                  </td>
                  <td className="r say">{signed(part.beforeMinor, part.nowMinor)}</td>
                </tr>
              );
            })}
            {rest !== null && (rest.nowMinor !== 0 || rest.beforeMinor !== 0) && (
              <tr>
                <td className="l">{t("detail.whyRest")}</td>
                <td className="x">{money(rest.beforeMinor)}</td>
                <td className="r">{money(rest.nowMinor)}</td>
                <td className="r say">{signed(rest.beforeMinor, rest.nowMinor)}</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
    </>
  );
}

/** Figures one may ask about: both sides, and the top categories of each that changed. */
function figuresOf({ categories, bridge }: DetailReport, t: ReturnType<typeof useText>["t"]): readonly { readonly of: FigureOfSide; readonly name: string }[] {
  const before = (figures: DetailReport["categories"][number]["figures"]) => (bridge?.against === "year_ago" ? figures.yearAgoMinor : figures.previousMinor);
  const changed = (side: FigureOfSide["side"]) =>
    categories
      .filter((line) => line.side === side && line.depth === 0 && line.figures.currentMinor !== before(line.figures))
      .map(({ categoryId, name }) => ({ of: { side, categoryId }, name: name ?? t("category.none") }));
  return [{ of: { side: "expenses" }, name: t("kpi.expenses") }, { of: { side: "revenue" }, name: t("kpi.revenue") }, ...changed("expenses"), ...changed("revenue")];
}
