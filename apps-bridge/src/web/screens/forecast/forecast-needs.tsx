import { addMonths, monthRange, type DashboardReport, type ForecastReport } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Link } from "../../state/route.tsx";

type Needs = Extract<ForecastReport, { outcome: "not_enough_data" }>;

/** What a forecast still needs: the months that are there, the ones that are missing, and how they come. */
export function ForecastNeeds({ needs, trend }: { readonly needs: Needs; readonly trend: DashboardReport["revenueTrend"] }) {
  const { t, f } = useText();
  const { monthsHave: have, monthsNeed: need } = needs;
  const thisMonth = new Intl.DateTimeFormat("sv").format().slice(0, 7);
  const complete = trend.filter(({ partial }) => !partial).map(({ month }) => month);
  const first = complete[0] ?? trend[0]?.month ?? thisMonth;
  const last = complete.at(-1) ?? addMonths(first, -1);
  const enoughAt = addMonths(last, need - have);
  const months = monthRange(first, enoughAt);
  return (
    <section className="cell needs" aria-labelledby="needs-h">
      <h2 id="needs-h">{t("forecast.needProgress", { have, need })}</h2>
      <ol className="needs-months" aria-hidden="true">
        {months.map((month) => (
          <li key={month} className={complete.includes(month) ? "have" : ""}>
            {complete.includes(month) ? <Icon name="check" small /> : <i />}
            <span>{f.monthAxis(month, true)}</span>
          </li>
        ))}
      </ol>
      <p className="muted">
        {t("forecast.needHave", { have, first: f.month(first), last: f.month(last) })} {t("forecast.needEarlier", { first: f.month(first) })}{" "}
        {t(enoughAt < thisMonth ? "forecast.needNext" : "forecast.needLater", { month: f.month(enoughAt) })}
      </p>
      <p className="acts">
        <Link className="btn primary" href="/import">
          {t("forecast.needImport")}
        </Link>
      </p>
    </section>
  );
}
