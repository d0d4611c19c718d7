/**
 * What every forecasting method offers, so that methods can be compared, combined and back-tested alike.
 * Values are equally spaced observations, oldest first, in any unit; the period is the number of observations in a season.
 */

/** Mean and standard deviation of each step ahead, nearest first. */
export interface PredictiveSteps {
  readonly mean: readonly number[];
  readonly standardDeviation: readonly number[];
}

/** Symmetric around the mean, or skewed away from zero: half-way between that and symmetry in logarithms. */
export type PredictiveShape = "normal" | "skewed";

/** A whole predictive distribution: its steps, and what is needed to turn them into intervals or to combine two of them. */
export interface Prediction extends PredictiveSteps {
  readonly shape: PredictiveShape;
  readonly degreesOfFreedom: number;
  readonly standardisedErrors: readonly number[];
}

/** A method fitted to one series. */
export interface FittedModel {
  /** The form in the notation of its field, e.g. `ETS(M,Ad,M)`. */
  readonly name: string;
  /** Estimated parameters by their usual names (alpha, beta, gamma, phi). */
  readonly parameters: Readonly<Record<string, number>>;
  /** Corrected Akaike information criterion; comparable within one family on one series. */
  readonly aicc: number;
  /** Observations less estimated parameters, at least 1: degrees of freedom of the error variance. */
  readonly degreesOfFreedom: number;
  /** One-step in-sample errors divided by their standard deviation, one for each observation; all zero after a perfect fit. */
  readonly standardisedErrors: readonly number[];
  /** Normal unless given. */
  readonly shape?: PredictiveShape;
  /** Predicts the next `horizon` steps. */
  predict(horizon: number): PredictiveSteps;
  /**
   * The same form with the same parameters, its states run over another stretch of the series: a refit without estimation.
   * `undefined` when that stretch does not allow the form.
   */
  withValues(values: readonly number[]): FittedModel | undefined;
}

/** A forecasting method: fits itself, choosing its own form, or answers `undefined` when the series does not allow it. */
export interface ForecastModel {
  readonly id: string;
  fit(values: readonly number[], period: number): FittedModel | undefined;
}

/** What a fitted model says of the next steps, whole. */
export function predictionOf(fitted: FittedModel, horizon: number): Prediction {
  const { degreesOfFreedom, standardisedErrors, shape = "normal" } = fitted;
  return { ...fitted.predict(horizon), shape, degreesOfFreedom, standardisedErrors };
}
