import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { drillDownDifference, type DrillDown } from "../../state/transaction-query.ts";
import type { Pages } from "./transaction-pages.ts";

/** How many rows there are and what they come to; a list opened from a figure says whether it adds up to it. */
export function ListFoot({ pages, drill }: { readonly pages: Pages; readonly drill: DrillDown | undefined }) {
  const { t, f } = useText();
  return (
    <div className="tbl-foot list-foot" role="status">
      <span>{t("transactions.count", { count: pages.totalCount })}</span>
      {pages.totals.map(({ currency, inMinor, outMinor, transferInMinor, transferOutMinor }) => (
        <span key={currency} className="sums">
          <span className="num">{t("transactions.sumIn", { amount: f.money(inMinor, currency, { sign: "change", fraction: "full" }) })}</span>
          <span className="num">{t("transactions.sumOut", { amount: f.money(-outMinor, currency, { fraction: "full" }) })}</span>
          <span className="num">{t("transactions.sumNet", { amount: f.money(inMinor - outMinor, currency, { sign: "change", fraction: "full" }) })}</span>
          {transferInMinor + transferOutMinor > 0 && (
            <span className="num quiet">
              {t("transactions.sumTransfers", { in: f.money(transferInMinor, currency, { sign: "change", fraction: "full" }), out: f.money(-transferOutMinor, currency, { fraction: "full" }) })}
            </span>
          )}
        </span>
      ))}
      {drill !== undefined && <AddsUp pages={pages} drill={drill} />}
    </div>
  );
}

const nothing = { inMinor: 0, outMinor: 0, transferInMinor: 0, transferOutMinor: 0 };

function AddsUp({ pages, drill }: { readonly pages: Pages; readonly drill: DrillDown }) {
  const { t, f } = useText();
  const totals = pages.totals.find(({ currency }) => currency === drill.currency) ?? nothing;
  const difference = drillDownDifference(drill, totals);
  const values = { name: drill.name ?? t(`kpi.${drill.measure}`), amount: f.money(drill.amountMinor, drill.currency) };
  if (difference === 0) {
    return (
      <span className="adds-up">
        <span className="pill ok sq">
          <Icon name="check" small />
          {t("transactions.addsUp")}
        </span>{" "}
        {t("transactions.addsUpTo", values)}
      </span>
    );
  }
  return (
    <span className="adds-up">
      <span className="pill bad sq">
        <Icon name="alert" small />
        {t("transactions.differs")}
      </span>{" "}
      {t("transactions.differsFrom", { ...values, difference: f.money(difference, drill.currency, { sign: "change", fraction: "full" }) })}
    </span>
  );
}
