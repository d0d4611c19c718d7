import { errorEntry, isErrorCode } from "@saldo/schema";
import { useId, useState } from "react";
import type { ForecastView } from "../../../bridge/contract/forecast.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useAction, useCore } from "../../state/bridge.tsx";

/** How far one may look ahead, in months. */
const horizons = [3, 6, 12, 18] as const;

/** Asks the cloud for a forecast; without a network the request waits and leaves on reconnect. */
export function RequestForecast({ request }: { readonly request: ForecastView["request"] }) {
  const { t, f, locale } = useText();
  const core = useCore();
  const id = useId();
  const [horizonMonths, setHorizon] = useState<number>(6);
  const ask = useAction(async () => {
    await core.call("forecast.request", { horizonMonths });
  });
  if (request !== null && request.state !== "failed") {
    return (
      <span className="pill info" role="status">
        {t(request.state === "running" ? "forecast.running" : "forecast.waiting", { time: f.time(request.requestedAt) })}
      </span>
    );
  }
  const failed = request?.errorCode;
  return (
    <span className="request">
      <label className="sr" htmlFor={id}>
        {t("forecast.horizon")}
      </label>
      <select id={id} className="select" value={horizonMonths} onChange={(event) => setHorizon(Number(event.target.value))}>
        {horizons.map((months) => (
          <option key={months} value={months}>
            {t("forecast.months", { count: months })}
          </option>
        ))}
      </select>
      <button type="button" className="btn primary" disabled={ask.running} onClick={() => ask.start()}>
        {t("forecast.request")}
      </button>
      <ErrorLine error={ask.error} />
      {ask.error === undefined && isErrorCode(failed) && (
        <p className="neg error-line" role="alert">
          {errorEntry(failed).meaning[locale]} {errorEntry(failed).remedy[locale]}
        </p>
      )}
    </span>
  );
}
