import type { DashboardReport } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { FigureParts } from "../../parts/figure.tsx";
import { Link } from "../../state/route.tsx";
import { BalanceForm } from "./balance-form.tsx";
import { balanceHref, burnHref } from "./cash-href.ts";

/** Below this many months the runway is said in days. */
const daysBelowMonths = 4;
const daysInMeanMonth = 30.44;

/** The one big figure: cash now, how long it lasts, and what it is made of. Asks for a balance when nobody has said one. */
export function Hero({ report }: { readonly report: DashboardReport }) {
  const { t, f } = useText();
  const { cash, currency } = report;
  if (cash === null) return <BalancePrompt report={report} />;
  return (
    <section className="cell hero" aria-labelledby="cash-h">
      <h2 className="label" id="cash-h">
        {t("cash.label")} <span className="quiet">· {t("cash.asOf", { date: f.date(cash.asOf, false) })}</span>
      </h2>
      <p className={`fig num${cash.totalMinor < 0 ? " neg" : ""}`} title={f.money(cash.totalMinor, currency)}>
        <FigureParts parts={f.moneyParts(cash.totalMinor, currency)} smallFraction />
      </p>
      <Runway report={report} />
      <table className="ledger" aria-label={t("cash.accounts")}>
        <tbody>
          {cash.accounts.map((account) => (
            <tr key={account.accountId}>
              <td>{account.name}</td>
              <td>
                <Balance report={report} account={account} fraction={cash.accounts.some(({ balanceMinor }) => balanceMinor % 100 !== 0) ? "full" : "auto"} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {cash.unknownAccounts > 0 && <p className="say hero-note">{t("cash.unknownAccounts", { count: cash.unknownAccounts })}</p>}
      <details className="balance-details">
        <summary>{t("balance.change")}</summary>
        <BalanceForm currency={currency} />
      </details>
    </section>
  );
}

type Account = NonNullable<DashboardReport["cash"]>["accounts"][number];

/** What an account holds, and the way to what moved since its balance was said. */
function Balance({ report, account, fraction }: { readonly report: DashboardReport; readonly account: Account; readonly fraction: "full" | "auto" }) {
  const { t, f } = useText();
  const { currency } = report;
  const text = f.money(account.balanceMinor, currency, { unit: false, fraction });
  const said = account.saidFor === null ? "" : t("cash.movedSince", { name: account.name, amount: f.money(account.saidMinor, currency), date: f.dateShort(account.saidFor, true) });
  const href = balanceHref(account, report, said);
  return href === undefined ? text : <Link href={href} title={said}>{text}</Link>;
}

function Runway({ report }: { readonly report: DashboardReport }) {
  const { t, f } = useText();
  const { runway, burnRateMinor, currency } = report;
  const href = burnHref(report, t("runway.times", { count: report.burnOf?.months ?? 1 }));
  const why = (text: string) => (href === undefined ? <span>{text}</span> : <Link href={href} title={t("runway.mean", { count: report.burnOf?.months ?? 1 })}>{text}</Link>);
  const burn = burnRateMinor === null ? "" : f.money(Math.abs(burnRateMinor), currency, { fraction: "whole" });
  if (runway.kind === "unknown_balance") return null;
  if (runway.kind === "no_burn") {
    return (
      <p className="runway">
        <b>{t("runway.noBurn")}</b>
        {why(burnRateMinor === null ? t("runway.noBurnWhyShort") : t("runway.noBurnWhy", { amount: burn }))}
      </p>
    );
  }
  const months = runway.tenths / 10;
  const words =
    months < daysBelowMonths ? t("runway.days", { count: Math.floor(months * daysInMeanMonth) }) : t("runway.months", { count: Math.floor(months) });
  return (
    <p className="runway">
      <b>{words}</b>
      {why(t("runway.why", { amount: burn }))}
    </p>
  );
}

function BalancePrompt({ report }: { readonly report: DashboardReport }) {
  const { t } = useText();
  return (
    <section className="cell hero" aria-labelledby="cash-h">
      <h2 className="label" id="cash-h">
        {t("cash.label")}
      </h2>
      <p className="hero-ask">{t("balance.ask")}</p>
      <p className="say">{t("balance.why")}</p>
      <BalanceForm currency={report.currency} />
    </section>
  );
}
