import { firstDay, type DetailReport } from "@saldo/schema";
import { useState } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { RowsLink } from "./rows-link.tsx";
import { Rates, type WantedRate } from "./rates.tsx";

/** Each currency in its own money; all together only where every rate is known, with its date and source. */
export function Currencies({ report, into, onCurrency }: { readonly report: DetailReport; /** The workspace's own currency. */ readonly into: string; readonly onCurrency: (currency: string) => void }) {
  const { t, f } = useText();
  const { currencies, combined } = report;
  const { revenue, expenses } = report.profitAndLoss;
  const [wanted, setWanted] = useState<WantedRate>();
  if (currencies.length < 2 && currencies.every(({ monthsWithoutRate }) => monthsWithoutRate.length === 0)) return null;
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
              <th className="l">{t("detail.rates")}</th>
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
                <td className="r">
                  <RowsLink report={{ currency }} line={revenue} name={t("kpi.revenue")} days={report.period} amountMinor={revenueMinor} />
                </td>
                <td className="r">
                  <RowsLink report={{ currency }} line={expenses} name={t("kpi.expenses")} days={report.period} amountMinor={expensesMinor} />
                </td>
                <td className="l two wrap quiet">
                  {monthsWithoutRate[0] !== undefined ? (
                    <>
                      {t("detail.noRate", { months: monthsWithoutRate.map((month) => f.month(month)).join(", ") })}{" "}
                      <AddRate base={currency} quote={into} month={monthsWithoutRate[0]} onAdd={setWanted} />
                    </>
                  ) : (
                    [...new Set(rates.map(({ base, quote, rate, onDate, source }) => `1 ${base} = ${rate} ${quote}, ${f.date(onDate)}, ${source}`))].join("; ")
                  )}
                </td>
              </tr>
            ))}
          </tbody>
          {combined !== null && (
            <tfoot>
              <tr>
                <td className="l">{t("detail.combined", { currency: combined.currency })}</td>
                <td className="r">{f.money(combined.revenueMinor, combined.currency)}</td>
                <td className="r">{f.money(combined.expensesMinor, combined.currency)}</td>
                <td className="x" />
              </tr>
            </tfoot>
          )}
        </table>
        <Rates wanted={wanted} onWanted={setWanted} />
      </section>
    </div>
  );
}

/** Asks for the rate that is missing first; it holds from the first day of its month on. */
function AddRate({ base, quote, month, onAdd }: { readonly base: string; readonly quote: string; readonly month: string; readonly onAdd: (wanted: WantedRate) => void }) {
  const { t } = useText();
  return (
    <button type="button" className="btn s" onClick={() => onAdd({ base, quote, onDate: firstDay(month) })}>
      {t("rates.add")}
    </button>
  );
}
