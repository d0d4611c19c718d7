import { admissibleForms, etsName, etsParameterCount, parameterBox, parametersAt, type EtsForm, type EtsParameters } from "./form.ts";
import { initialState } from "./initial.ts";
import { projectState, runStates, type EtsPass } from "./state.ts";
import { stepVariances } from "./variance.ts";
import type { FittedModel, ForecastModel } from "../forecast-model.ts";
import { minimiseBounded } from "../optimise.ts";

/**
 * Exponential smoothing with the form chosen by AICc among all admissible ones: simple, Holt, damped Holt and, from two full
 * periods on, Holt-Winters with an additive or multiplicative season. Smoothing parameters by maximum likelihood.
 */
export const exponentialSmoothing: ForecastModel = {
  id: "ets",
  fit(values, period) {
    const scale = scaleOf(values);
    const scaled = values.map((value) => value / scale);
    let best: EtsEstimate | undefined;
    for (const form of admissibleForms(scaled, period)) {
      const estimate = estimateForm(form, scaled, period);
      if (estimate !== undefined && (best === undefined || estimate.aicc < best.aicc - aiccTie)) best = estimate;
    }
    return best === undefined ? undefined : fittedFrom(best, scaled, scale, period);
  },
};

/** True when some form continues the values without any error: it does so from its starting states, whatever the smoothing parameters. */
export function isExactPattern(values: readonly number[], period: number): boolean {
  const scale = scaleOf(values);
  const scaled = values.map((value) => value / scale);
  return admissibleForms(scaled, period).some((form) => {
    const initial = initialState(form, scaled, period);
    return initial !== undefined && runStates(form, parametersAt(form, parameterBox(form).start), initial, scaled).squaredErrors / scaled.length <= perfectFit;
  });
}

interface EtsEstimate {
  readonly form: EtsForm;
  readonly parameters: EtsParameters;
  readonly aicc: number;
}

/** A richer form must win by more than rounding. */
const aiccTie = 1e-6;
/** Mean squared error, relative to the largest value squared, at or below which a fit counts as perfect. */
const perfectFit = 1e-16;

function estimateForm(form: EtsForm, values: readonly number[], period: number): EtsEstimate | undefined {
  const count = values.length;
  const estimated = etsParameterCount(form, period);
  if (count - estimated - 1 <= 0) return undefined;
  const initial = initialState(form, values, period);
  if (initial === undefined) return undefined;
  const deviance = (point: readonly number[]) => {
    const pass = runStates(form, parametersAt(form, point), initial, values);
    return count * Math.log(Math.max(perfectFit, pass.squaredErrors / count)) + 2 * pass.logScale;
  };
  const minimum = minimiseBounded(deviance, parameterBox(form));
  if (!Number.isFinite(minimum.value)) return undefined;
  const aicc = minimum.value + 2 * estimated + (2 * estimated * (estimated + 1)) / (count - estimated - 1);
  return { form, parameters: parametersAt(form, minimum.point), aicc };
}

/** The largest magnitude, or 1 for a series of zeros: everything inside is computed on values within ±1. */
function scaleOf(values: readonly number[]): number {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return largest > 0 ? largest : 1;
}

function fittedFrom(estimate: EtsEstimate, scaled: readonly number[], scale: number, period: number): FittedModel | undefined {
  const { form, parameters } = estimate;
  const initial = initialState(form, scaled, period);
  if (initial === undefined) return undefined;
  const errors: number[] = [];
  const pass: EtsPass = runStates(form, parameters, initial, scaled, errors);
  if (!Number.isFinite(pass.squaredErrors)) return undefined;
  const degreesOfFreedom = Math.max(1, scaled.length - (etsParameterCount(form, period) - 1));
  const variance = pass.squaredErrors / scaled.length <= perfectFit ? 0 : pass.squaredErrors / degreesOfFreedom;
  const deviation = Math.sqrt(variance);
  return {
    name: etsName(form),
    parameters: shownParameters(form, parameters),
    aicc: estimate.aicc,
    degreesOfFreedom,
    standardisedErrors: errors.map((error) => (deviation === 0 ? 0 : error / deviation)),
    predict: (horizon) => ({
      mean: projectState(form, parameters.phi, pass.state, horizon).map((value) => value * scale),
      standardDeviation: stepVariances(form, parameters, pass.state, variance, horizon).map((v) => Math.sqrt(Math.max(0, v)) * scale),
    }),
    withValues: (values) => fittedFrom(estimate, values.map((value) => value / scale), scale, period),
  };
}

function shownParameters(form: EtsForm, { alpha, beta, gamma, phi }: EtsParameters): Record<string, number> {
  return {
    alpha,
    ...(form.trend === "N" ? {} : { beta }),
    ...(form.season === "N" ? {} : { gamma }),
    ...(form.trend === "Ad" ? { phi } : {}),
  };
}
