import { addMonths, forecastHorizonMonthsMax, type Month } from "@saldo/schema";
import { historyPointsMin, pastForecasts, scoreBacktest, type Backtest, type PastForecast } from "./backtest.ts";
import { calibrate } from "./calibration.ts";
import { ensembleFrom } from "./combination/ensemble.ts";
import { predictionOf, type ForecastModel, type Prediction } from "./forecast-model.ts";
import { predictionIntervals, type Bound, type ForecastSteps } from "./intervals.ts";

/** Longest horizon, in steps. */
export const horizonStepsMax = forecastHorizonMonthsMax;
/** Only the latest values are used beyond this many. */
export const historyPointsMax = 600;
/** Magnitude up to which values are accepted. */
export const valueAbsMax = 1e100;

/** How to forecast a series. */
export interface SeriesOptions {
  /** Observations in a season: 12 for months; 1 for no season. */
  readonly period: number;
  /** Steps ahead, 1 to {@link horizonStepsMax}. */
  readonly horizon: number;
  /** True when the quantity may turn its sign though it never has; otherwise a history of one sign gives forecasts of that sign or zero. */
  readonly mayCrossZero?: boolean;
  /** The month of the first value, for a period of 12: lets the number of working days count. */
  readonly firstMonth?: Month;
  /** {@link ensembleFrom} unless given. */
  readonly model?: ForecastModel;
}

/** Which model was chosen, with its parameters. */
export interface ChosenModel {
  readonly id: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A forecast of one series, in the unit of the series. */
export interface SeriesForecast extends ForecastSteps {
  readonly model: ChosenModel;
  readonly backtest: Backtest | null;
}

/** Fewer values than an honest forecast needs. */
export interface NotEnoughPoints {
  readonly ok: false;
  readonly code: "not_enough_data";
  readonly pointsHave: number;
  readonly pointsNeed: number;
}

/**
 * Forecasts a series of equally spaced values, oldest first, with 80% and 95% intervals and the error the same method made on
 * the past. Deterministic. Throws `RangeError` on a value that is not finite or an option out of range.
 */
export function forecastSeries(
  values: readonly number[],
  options: SeriesOptions,
): { readonly ok: true; readonly result: SeriesForecast } | NotEnoughPoints {
  const predicted = predictSeries(values, options);
  if (!predicted.ok) return predicted;
  const { model, prediction, past, bound, used } = predicted;
  return { ok: true, result: { model, ...predictionIntervals(prediction, bound), backtest: scoreBacktest(used, past, bound) } };
}

/** A series predicted now and from its past, before intervals and scores. */
export interface PredictedSeries {
  readonly ok: true;
  readonly model: ChosenModel;
  readonly prediction: Prediction;
  readonly past: readonly PastForecast[];
  readonly bound: Bound;
  /** The values it was learned from. */
  readonly used: readonly number[];
}

/** The parts of {@link forecastSeries} before intervals and scores, for those who combine series. A series below zero is modelled mirrored. */
export function predictSeries(values: readonly number[], options: SeriesOptions): PredictedSeries | NotEnoughPoints {
  const { period, horizon, mayCrossZero = false, firstMonth } = options;
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > horizonStepsMax) throw new RangeError("horizon is out of range");
  if (!Number.isInteger(period) || period < 1) throw new RangeError("period is not a positive integer");
  if (values.some((value) => !(Math.abs(value) <= valueAbsMax))) throw new RangeError("a value is not finite or too large");
  if (values.length < historyPointsMin) return notEnough(values.length);
  const used = values.slice(-historyPointsMax);
  const model = options.model ?? ensembleFrom(firstMonth === undefined ? undefined : addMonths(firstMonth, values.length - used.length));
  const negative = used.every((value) => value <= 0) && used.some((value) => value < 0);
  const upright = negative ? used.map((value) => -value) : used;
  const fitted = model.fit(upright, period);
  if (fitted === undefined) return notEnough(values.length);
  const { name, parameters } = fitted;
  const prediction = predictionOf(fitted, horizon);
  const calibrated = calibrate(prediction, pastForecasts(model, upright, period, horizon), upright);
  const keepsSign = !mayCrossZero && upright.every((value) => value >= 0);
  return {
    ok: true,
    model: { id: model.id, name, parameters },
    prediction: negative ? mirrored(calibrated.prediction) : calibrated.prediction,
    past: negative ? calibrated.past.map((made) => ({ ...made, prediction: mirrored(made.prediction) })) : calibrated.past,
    bound: keepsSign ? (negative ? "atMostZero" : "atLeastZero") : "none",
    used,
  };
}

function notEnough(pointsHave: number): NotEnoughPoints {
  return { ok: false, code: "not_enough_data", pointsHave, pointsNeed: historyPointsMin };
}

/** The prediction of the negated quantity. */
function mirrored(prediction: Prediction): Prediction {
  return {
    ...prediction,
    mean: prediction.mean.map((value) => 0 - value),
    standardisedErrors: prediction.standardisedErrors.map((error) => 0 - error),
  };
}
