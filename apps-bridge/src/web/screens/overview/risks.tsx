import type { DashboardReport, DashboardRisk } from "@saldo/schema";
import type { Formatters } from "../../i18n/formatters.ts";
import { useText } from "../../i18n/preferences.tsx";
import type { TextValues } from "../../i18n/text.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { useReviewCounts } from "../../state/review-counts.tsx";
import { Link } from "../../state/route.tsx";
import { riskHref } from "./risk-href.ts";

const icons: Readonly<Record<DashboardRisk["code"], IconName>> = {
  cash_runs_out: "alert",
  burning_without_balance: "alert",
  loss_this_month: "fall",
  revenue_falling: "fall",
  expenses_growing_faster: "rise",
  one_customer: "people",
  one_supplier: "people",
  category_jump: "rise",
  uncategorised: "list",
};

/** The three things that could hurt most, worst first, each with the money at stake. */
export function Risks({ report }: { readonly report: DashboardReport }) {
  const { t } = useText();
  return (
    <aside className="cell">
      <div className="h">
        <h2>{t("risks.title", { count: report.topRisks.length })}</h2>
      </div>
      {report.topRisks.length === 0 ? (
        <p className="say">{t("risks.none")}</p>
      ) : (
        <ul className="notes">
          {report.topRisks.map((risk) => (
            <Risk key={risk.code} risk={risk} report={report} />
          ))}
        </ul>
      )}
      <RiskLinks />
    </aside>
  );
}

/** What to do about it, and what else to look at. */
function RiskLinks() {
  const { t } = useText();
  const { findings, advice } = useReviewCounts();
  return (
    <p className="risk-links">
      <Link href="/advice">{t("risks.toAdvice", { count: advice })}</Link>
      {findings > 0 && <Link href="/findings">{t("risks.toFindings", { count: findings })}</Link>}
    </p>
  );
}

function Risk({ risk, report }: { readonly risk: DashboardRisk; readonly report: DashboardReport }) {
  const { t, f } = useText();
  const { currency } = report;
  const values = { ...riskValues(risk, f), amount: f.money(risk.amountMinor, currency, { fraction: "whole" }) };
  const tone = risk.severity === "high" ? "neg" : risk.severity === "medium" ? "warn" : "quiet";
  return (
    <li>
      <Icon name={icons[risk.code]} className={tone} />
      <span className="t">
        {t(`risk.${risk.code}`, values)} <span className="sr">{t(`severity.${risk.severity}`)}</span>
      </span>
      <span className={`amt ${risk.severity === "high" ? "neg" : ""}`} title={values.amount}>
        {risk.amountMinor !== 0 && <Link href={riskHref(risk, report, t(`risk.${risk.code}`, values))}>{f.short(risk.amountMinor, currency)}</Link>}
      </span>
      <span className="e">{t(`risk.${risk.code}.why`, values)}</span>
    </li>
  );
}

/** Basis points become percent, tenths become a decimal; names and counts stay. */
function riskValues(risk: DashboardRisk, f: Formatters): TextValues {
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(risk.parameters)) {
    if (typeof value === "number" && name.endsWith("BasisPoints")) values[name] = f.percent(value / 10_000, 1);
    else if (typeof value === "number" && name.toLowerCase().endsWith("tenths")) values[name] = f.number(value / 10, 1);
    else values[name] = value;
  }
  return values;
}
