import { firstDay, lastDay } from "@saldo/schema";
import { useCallback, useId, useMemo, useState } from "react";
import type { PastForecastView } from "../../../bridge/contract/forecast.ts";
import { Chart } from "../../charts/chart.tsx";
import { forecastOption, type ForecastMeasure, type ForecastMonth } from "../../charts/forecast-option.ts";
import type { ChartTheme } from "../../charts/theme.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox, Skeleton } from "../../parts/state-box.tsx";
import { useRead, useTransactionsVersion } from "../../state/bridge.tsx";
import { Link } from "../../state/route.tsx";
import { drillDownHref } from "../../state/transaction-query.ts";

type Past = NonNullable<PastForecastView["past"]>;
const drillMeasures = { revenue: "revenue", expenses: "expenses", net: "profit" } as const;

/** A forecast of an earlier month beside what came since: the chart, how far it missed in words, and the months, each with its transactions. */
export function PastForecast({ measure }: { readonly measure: ForecastMeasure }) {
  const { t, f } = useText();
  const id = useId();
  const [asked, setAsked] = useState<string>();
  const { value, error, retry } = useRead("forecast.past", asked === undefined ? {} : { asOfMonth: asked }, useTransactionsVersion());
  if (value?.past === null) return null;
  return (
    <section className="past" aria-labelledby={`${id}-h`}>
      <div className="h facts-next">
        <h2 id={`${id}-h`}>{t("past.title", { measure: t(`forecast.measure.${measure}`) })}</h2>
        {value !== undefined && (
          <label className="end past-month" htmlFor={`${id}-month`}>
            <span className="quiet">{t("past.asOf")}</span>
            <select id={`${id}-month`} value={value.past.asOfMonth} onChange={(event) => setAsked(event.target.value)}>
              {value.origins.map((month) => (
                <option key={month} value={month}>
                  {f.month(month)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {error !== undefined ? <ErrorBox error={error} onRetry={retry} /> : value === undefined ? <Skeleton width="100%" height={220} /> : <Compared past={value.past} measure={measure} />}
    </section>
  );
}

function Compared({ past, measure }: { readonly past: Past; readonly measure: ForecastMeasure }) {
  const { t, f, locale } = useText();
  const { currency, since, asOfMonth, madeAt } = past;
  const { actualMinor, expectedMinor, accuracyBasisPoints, within80 } = past.totals[measure];
  const months = useMemo(
    (): ForecastMonth[] => [
      ...past.before.map((entry) => ({ month: entry.month, actual: entry[measure], expected: undefined })),
      ...past.since.map((entry) => ({ month: entry.month, actual: entry[measure].actualMinor, expected: entry[measure].expected })),
    ],
    [past, measure],
  );
  const option = useCallback((theme: ChartTheme) => forecastOption(theme, { months, currency, locale, f, t }), [months, currency, locale, f, t]);
  const missed = actualMinor - expectedMinor;
  const said = t("past.total", { month: f.month(asOfMonth), count: since.length, expected: f.short(expectedMinor, currency), actual: f.short(actualMinor, currency) });
  return (
    <>
      <Chart label={said} height={220} option={option} />
      <p className="say">
        {said} {t("past.missed", { amount: f.short(Math.abs(missed), currency), side: missed < 0 ? "less" : "more" })}{" "}
        {accuracyBasisPoints !== null && `${t("past.accuracy", { share: f.percent(accuracyBasisPoints / 10_000, 1) })} `}
        {t("past.within", { within: within80, count: since.length })} {madeAt === null ? t("past.anew") : t("past.stored", { date: f.instant(madeAt) })}
      </p>
      <table className="tbl" data-density="dense">
        <thead>
          <tr>
            <th className="l">{f.sign(currency)}</th>
            <th>{t("forecast.expected")}</th>
            <th className="only-wide">{t("forecast.range80")}</th>
            <th>{t("forecast.actual")}</th>
            <th>{t("past.difference")}</th>
          </tr>
        </thead>
        <tbody>
          {since.map((entry) => (
            <Month key={entry.month} month={entry.month} amount={entry[measure]} measure={measure} currency={currency} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td className="l">{t("forecast.total")}</td>
            <td>{f.money(expectedMinor, currency, { unit: false, fraction: "whole" })}</td>
            <td className="only-wide" />
            <td>{f.money(actualMinor, currency, { unit: false, fraction: "whole" })}</td>
            <td>{f.money(missed, currency, { unit: false, fraction: "whole", sign: "change" })}</td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

function Month({ month, amount: { actualMinor, expected }, measure, currency }: { readonly month: string; readonly amount: Past["since"][number]["net"]; readonly measure: ForecastMeasure; readonly currency: string }) {
  const { t, f } = useText();
  const whole = (amount: number): string => f.money(amount, currency, { unit: false, fraction: "whole" });
  const isOutside = actualMinor < expected.lo80 || actualMinor > expected.hi80;
  return (
    <tr>
      <td className="l">
        {f.monthAxis(month, true)} {isOutside && <span className="pill sq only-wide">{t("past.outside")}</span>}
      </td>
      <td>{whole(expected.mean)}</td>
      <td className="only-wide quiet">
        {whole(expected.lo80)} … {whole(expected.hi80)}
      </td>
      <td>
        <Link href={drillDownHref({ from: firstDay(month), to: lastDay(month), measure: drillMeasures[measure], currency, amountMinor: actualMinor, name: undefined })}>{whole(actualMinor)}</Link>
      </td>
      <td>{f.money(actualMinor - expected.mean, currency, { unit: false, fraction: "whole", sign: "change" })}</td>
    </tr>
  );
}
