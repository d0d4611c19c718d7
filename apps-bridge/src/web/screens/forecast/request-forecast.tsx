import { useId, useState } from "react";
import type { ForecastView } from "../../../bridge/contract/forecast.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useAction, useCore } from "../../state/bridge.tsx";
import { CloudJobState } from "../cloud/cloud-job-state.tsx";

/** How far one may look ahead, in months. */
const horizons = [3, 6, 12, 18] as const;

/** Asks the cloud for a forecast; without a network the request waits and leaves on reconnect. */
export function RequestForecast({ request }: { readonly request: ForecastView["request"] }) {
  const { t } = useText();
  const core = useCore();
  const id = useId();
  const [horizonMonths, setHorizon] = useState<number>(6);
  const ask = useAction(async () => {
    await core.call("forecast.request", { horizonMonths });
  });
  return (
    <span className="request">
      {request !== null && <CloudJobState job={request} />}
      {(request === null || request.state === "failed") && (
        <>
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
        </>
      )}
      <ErrorLine error={ask.error} />
    </span>
  );
}
