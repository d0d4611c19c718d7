import type { DetailReport } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";

/** Each currency in its own money; all together only where every rate is known, with its date and source. */
export function Currencies({ report, onCurrency }: { readonly report: DetailReport; readonly onCurrency: (currency: string) => void }) {
  const { t, f } = useText();
  const { currencies, combined } = report;
  if (currencies.length < 2) return null;
  return (
    <div className="row">
      <section aria-labelledby="currencies-h" className="table-part">
        <div className="h in">
          <h2 id="currencies-h">{t("detail.currencies")}</h2>
        </div>
        <table className="tbl stack">
          <thead>
            <tr>
              <th className="l">{t("detail.currency")}</th>
              <th>{t("kpi.revenue")}</th>
              <th>{t("kpi.expenses")}</th>
              <th className="l x">{t("detail.rates")}</th>
            </tr>
          </thead>
          <tbody>
            {currencies.map(({ currency, revenueMinor, expensesMinor, rates, monthsWithoutRate }) => (
              <tr key={currency}>
                <td className="l">
                  {currency === report.currency ? (
                    currency
                  ) : (
                    <button type="button" className="btn s" onClick={() => onCurrency(currency)}>
                      {t("detail.showCurrency", { currency })}
                    </button>
                  )}
                </td>
                <td>{f.money(revenueMinor, currency)}</td>
                <td>{f.money(expensesMinor, currency)}</td>
                <td className="l x wrap quiet">
                  {monthsWithoutRate.length > 0
                    ? t("detail.noRate", { months: monthsWithoutRate.map((month) => f.month(month)).join(", ") })
                    : [...new Set(rates.map(({ base, quote, rate, onDate, source }) => `1 ${base} = ${rate} ${quote}, ${f.date(onDate)}, ${source}`))].join("; ")}
                </td>
              </tr>
            ))}
          </tbody>
          {combined !== null && (
            <tfoot>
              <tr>
                <td className="l">{t("detail.combined", { currency: combined.currency })}</td>
                <td>{f.money(combined.revenueMinor, combined.currency)}</td>
                <td>{f.money(combined.expensesMinor, combined.currency)}</td>
                <td className="x" />
              </tr>
            </tfoot>
          )}
        </table>
      </section>
    </div>
  );
}
