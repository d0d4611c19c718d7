import type { Month } from "@saldo/schema";
import { historyPointsMin, pastForecasts, type PastForecast } from "../backtest.ts";
import { calibrate } from "../calibration.ts";
import { ensembleFrom } from "../combination/ensemble.ts";
import { predictionOf, type Prediction } from "../forecast-model.ts";
import type { Component } from "./components.ts";
import type { KnownPart } from "./model.ts";

const monthsInSeason = 12;

/** A component predicted now and from its past. */
export interface PredictedComponent {
  readonly model: string;
  readonly prediction: Prediction;
  readonly past: readonly PastForecast[];
}

/** A component with what was predicted of it. */
export interface PredictedPart extends PredictedComponent {
  readonly component: Component;
}

/**
 * Predicts a component as its known part and the rest: the rest of the history, without known payments, is forecast by the ensemble, and the known
 * payments ahead are added. Widths follow the errors that this made of the whole on the past, each time with what was known then.
 */
export function predictComponent(
  history: readonly number[],
  firstMonth: Month | undefined,
  horizon: number,
  knownAt: (monthsKnown: number) => KnownPart | undefined,
): PredictedComponent {
  const ensemble = ensembleFrom(firstMonth);
  const restAt = (count: number) => {
    const taken = knownAt(count)?.takenOut ?? [];
    return history.slice(0, count).map((amount, index) => amount - (taken[index] ?? 0));
  };
  const rest = restAt(history.length);
  const fitted = history.length < historyPointsMin ? undefined : ensemble.fit(rest, monthsInSeason);
  if (fitted === undefined) throw new RangeError("too few months to predict from");
  const past = pastForecasts(ensemble, history, monthsInSeason, horizon, restAt).map(({ pointsKnown, prediction }) => ({
    pointsKnown,
    prediction: withKnown(prediction, knownAt(pointsKnown)),
  }));
  const prediction = withKnown(predictionOf(fitted, horizon), knownAt(history.length));
  return { model: fitted.name, ...calibrate(prediction, past, history) };
}

/** The rest never goes below zero; known payments come on top of it. */
function withKnown(rest: Prediction, known: KnownPart | undefined): Prediction {
  return {
    ...rest,
    mean: rest.mean.map((value, step) => Math.max(0, value) + (known?.ahead[step] ?? 0)),
    standardDeviation: rest.standardDeviation.map((value, step) => Math.hypot(value, Math.sqrt(known?.variance[step] ?? 0))),
  };
}
