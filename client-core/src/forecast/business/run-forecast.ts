import { type ForecastReport } from "@saldo/schema";
import { nextTurn } from "../../next-turn.ts";
import { forecastBusiness } from "./business-forecast.ts";
import type { BusinessRequest, ForecastProgress } from "./model.ts";

/** Runs a forecast to its end, giving others their turn between series. Throws the reason of `signal` when it is aborted. */
export async function runForecast(request: BusinessRequest, { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress?: (progress: ForecastProgress) => void | Promise<void> } = {}): Promise<ForecastReport> {
  const steps = forecastBusiness(request);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    signal?.throwIfAborted();
    await onProgress?.(step.value);
    await nextTurn();
  }
}

/** The forecast in one go. */
export function forecastAtOnce(request: BusinessRequest): ForecastReport {
  const steps = forecastBusiness(request);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
