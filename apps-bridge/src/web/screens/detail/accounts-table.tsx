import type { DetailReport } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { RowsLink } from "./rows-link.tsx";

/** What moved on each account; its last column has transfers between own accounts too. */
export function AccountsTable({ report }: { readonly report: DetailReport }) {
  const { t, f } = useText();
  const moved = report.accounts.filter((lines) => [lines.revenue, lines.expenses, lines.net].some(({ figures }) => figures.currentMinor !== 0));
  const still = report.accounts.length - moved.length;
  if (report.accounts.length === 0) return null;
  const sign = f.sign(report.currency);
  return (
    <div className="row">
      <section aria-labelledby="accounts-h" className="table-part">
        <div className="h in">
          <h2 id="accounts-h">{t("detail.accounts")}</h2>
          <span className="end only-wide">{t("detail.accountsHint")}</span>
        </div>
        <table className="tbl stack">
          <thead>
            <tr>
              <th className="l">{t("detail.account")}</th>
              <th className="x">{t("table.revenueIn", { sign })}</th>
              <th className="x">{t("table.expensesIn", { sign })}</th>
              <th>{t("detail.netIn", { sign })}</th>
            </tr>
          </thead>
          <tbody>
            {moved.map(({ accountId, name, revenue, expenses, net }) => {
              const shown = name ?? t("detail.nameless");
              const cell = (line: typeof net) => <RowsLink report={report} line={line} name={shown} days={report.period} amountMinor={line.figures.currentMinor} bare />;
              return (
                <tr key={accountId}>
                  <td className="l">{shown}</td>
                  <td className="x">{cell(revenue)}</td>
                  <td className="x">{cell(expenses)}</td>
                  <td className="r">{cell(net)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {still > 0 && <p className="say in">{t("detail.accountsStill", { count: still })}</p>}
      </section>
    </div>
  );
}
