import type { RecommendationsReport } from "@saldo/schema";
import { monthInText } from "../../i18n/advice-text.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";

const outcomes = {
  found: { tone: "warn", icon: "alert", text: "advice.checked.found" },
  clear: { tone: "pos", icon: "check", text: "advice.checked.clear" },
  not_enough_data: { tone: "quiet", icon: "clock", text: "advice.checked.notEnough" },
} as const;

/** Everything that was looked at, so that silence says something too. */
export function AdviceChecks({ report }: { readonly report: RecommendationsReport }) {
  const { t, f } = useText();
  return (
    <section className="cell" aria-labelledby="checks-h">
      <div className="h">
        <h2 id="checks-h">{t("advice.checkedTitle")}</h2>
      </div>
      <ul className="checks">
        {report.checks.map(({ area, outcome }) => (
          <li key={area}>
            <Icon name={outcomes[outcome].icon} small className={outcomes[outcome].tone} />
            <span>{t(`advice.check.${area}`)}</span>
            <span className="quiet">{t(area === "cash" && outcome === "not_enough_data" ? "advice.checked.noBalance" : outcomes[outcome].text)}</span>
          </li>
        ))}
      </ul>
      {report.months !== null && <p className="say">{t("advice.checkedMonths", { count: report.months.count, first: monthInText(f, report.months.first), last: monthInText(f, report.months.last) })}</p>}
      {report.checks.some(({ area, outcome }) => area !== "cash" && outcome === "not_enough_data") && <p className="say">{t("advice.notEnough")}</p>}
    </section>
  );
}
