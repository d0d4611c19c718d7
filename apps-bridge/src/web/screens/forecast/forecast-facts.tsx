import type { ForecastReport } from "@saldo/schema";
import type { ForecastView } from "../../../bridge/contract/forecast.ts";
import type { ForecastMeasure } from "../../charts/forecast-option.ts";
import { useText } from "../../i18n/preferences.tsx";

/** Who computed a forecast, how, and how earlier ones would have done. */
export function ForecastFacts({
  report,
  latest,
  measure,
}: {
  readonly report: Extract<ForecastReport, { outcome: "ok" }>;
  readonly latest: NonNullable<ForecastView["latest"]>;
  readonly measure: ForecastMeasure;
}) {
  const { t, f } = useText();
  const test = report.backtest[measure];
  const share = (basisPoints: number | null): string => (basisPoints === null ? "—" : f.percent(basisPoints / 10_000, 1));
  return (
    <aside className="cell">
      <div className="h">
        <h2>{t("forecast.factsTitle")}</h2>
      </div>
      <dl className="facts">
        <dt>{t("forecast.computedBy")}</dt>
        <dd>{t(`forecast.by.${latest.computedBy}`)}</dd>
        <dt>{t("forecast.computedAt")}</dt>
        <dd>{f.instant(latest.computedAt)}</dd>
        <dt>{t("forecast.asOfMonth")}</dt>
        <dd>{f.month(report.asOfMonth)}</dd>
        <dt>{t("forecast.horizon")}</dt>
        <dd>{t("forecast.months", { count: report.horizonMonths })}</dd>
        <dt>{t("forecast.model")}</dt>
        {measure === "net" ? <dd>{t("forecast.modelNet")}</dd> : <dd className="raw">{report.model[measure]}</dd>}
      </dl>
      <div className="h facts-next">
        <h2>{t("forecast.backtestTitle")}</h2>
      </div>
      {test === null ? (
        <p className="say">{t("forecast.noBacktest")}</p>
      ) : (
        <>
          <dl className="facts">
            <dt>{t("forecast.totalAccuracy")}</dt>
            <dd>{share(test.totalAccuracyBasisPoints)}</dd>
            {"monthAccuracyBasisPoints" in test && (
              <>
                <dt>{t("forecast.monthAccuracy")}</dt>
                <dd>{share(test.monthAccuracyBasisPoints)}</dd>
              </>
            )}
            <dt>{t("forecast.smape")}</dt>
            <dd>{share(test.smapeBasisPoints)}</dd>
            <dt>{t("forecast.coverage80")}</dt>
            <dd>{share(test.coverage80BasisPoints)}</dd>
          </dl>
          <p className="say">
            {t("forecast.backtestWhy", { count: test.origins })} {t("forecast.accuracyWhy")}
          </p>
        </>
      )}
    </aside>
  );
}
