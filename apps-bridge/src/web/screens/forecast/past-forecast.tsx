import { useCallback, useId, useMemo, useState } from "react";
import type { PastForecastView } from "../../../bridge/contract/forecast.ts";
import { Chart } from "../../charts/chart.tsx";
import { forecastOption, type ForecastMeasure, type ForecastMonth } from "../../charts/forecast-option.ts";
import type { ChartTheme } from "../../charts/theme.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ErrorBox, Skeleton } from "../../parts/state-box.tsx";
import { useRead, useTransactionsVersion } from "../../state/bridge.tsx";
import { Link } from "../../state/route.tsx";
import { monthHref } from "./month-href.ts";

type Past = NonNullable<PastForecastView["past"]>;

/** A forecast of an earlier month beside what came since: the chart, how far it missed in words, and the months, each with its transactions. */
export function PastForecast({ measure }: { readonly measure: ForecastMeasure }) {
  const { t } = useText();
  const id = useId();
  const [asked, setAsked] = useState<string>();
  const { value, error, retry } = useRead("forecast.past", asked === undefined ? {} : { asOfMonth: asked }, useTransactionsVersion());
  if (value?.past === null) return null;
  return (
    <section className="past" aria-labelledby={`${id}-h`}>
      <div className="h facts-next">
        <h2 id={`${id}-h`}>{t("past.title", { measure: t(`forecast.measure.${measure}`) })}</h2>
        {value !== undefined && (
          <span className="end past-month">
            <span className="quiet">{t("past.asOf")}</span>
            <OriginPicker origins={value.origins} month={value.past.asOfMonth} onChange={setAsked} />
          </span>
        )}
      </div>
      {error !== undefined ? <ErrorBox error={error} onRetry={retry} /> : value === undefined ? <Skeleton width="100%" height={220} /> : <Compared past={value.past} measure={measure} />}
    </section>
  );
}

/** The month a forecast is looked at of, with the ones beside it; newest first, as the books have them. */
function OriginPicker({ origins, month, onChange }: { readonly origins: readonly string[]; readonly month: string; readonly onChange: (month: string) => void }) {
  const { t, f } = useText();
  const at = origins.indexOf(month);
  const [before, after] = [origins[at + 1], origins[at - 1]];
  return (
    <span className="period" role="group" aria-label={t("past.asOf")}>
      <button type="button" aria-label={t("past.before")} disabled={before === undefined} onClick={() => before !== undefined && onChange(before)}>
        <Icon name="left" />
      </button>
      <span className="now">
        <select aria-label={t("past.asOf")} value={month} onChange={(event) => onChange(event.target.value)}>
          {origins.map((origin) => (
            <option key={origin} value={origin}>
              {f.month(origin)}
            </option>
          ))}
        </select>
        <Icon name="down" small />
      </span>
      <button type="button" aria-label={t("past.after")} disabled={after === undefined} onClick={() => after !== undefined && onChange(after)}>
        <Icon name="right" />
      </button>
    </span>
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
        <Link href={monthHref(month, measure, currency, actualMinor)}>{whole(actualMinor)}</Link>
      </td>
      <td>{f.money(actualMinor - expected.mean, currency, { unit: false, fraction: "whole", sign: "change" })}</td>
    </tr>
  );
}
