import type { FittedModel, ForecastModel } from "../forecast-model.ts";
import { difference, estimateSarima, projectSarima, varianceFactors, type SarimaEstimate } from "./estimate.ts";
import { filterArma } from "./filter.ts";
import { differencedAway, sarimaName, sarimaParameterCount, type SarimaForm } from "./form.ts";

/** Forms that share their differencing, so that their AICc can be compared. */
export interface SarimaFamily {
  readonly id: string;
  /** Fewest observations, in periods. */
  readonly periodsMin: number;
  readonly forms: readonly SarimaForm[];
}

/** Forms this much worse by AICc than the best carry less than a hundredth of its weight and are left out. */
const aiccGapMax = 9;

/**
 * Seasonal ARIMA: every form of a family is estimated by exact maximum likelihood, and their forecasts are averaged with Akaike weights
 * (Burnham & Anderson 2002, ch. 4), which does better than the single best when several are about as likely.
 */
export function sarima(family: SarimaFamily): ForecastModel {
  return {
    id: family.id,
    fit(values, period) {
      if (values.length < Math.max(family.periodsMin * period, observationsMin)) return undefined;
      const estimates = family.forms.flatMap((form) => estimateSarima(form, difference(values, form, period), period) ?? []);
      const best = Math.min(...estimates.map((estimate) => estimate.aicc));
      const kept = estimates.filter((estimate) => estimate.aicc - best <= aiccGapMax).toSorted((a, b) => a.aicc - b.aicc);
      return kept.length === 0 ? undefined : fittedFrom(kept, values, period);
    },
  };
}

const observationsMin = 8;

function fittedFrom(estimates: readonly SarimaEstimate[], values: readonly number[], period: number): FittedModel | undefined {
  const [best] = estimates;
  if (best === undefined) return undefined;
  const raw = estimates.map(({ aicc }) => Math.exp((best.aicc - aicc) / 2));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const runs = estimates.map((estimate, index) => runOf(estimate, values, period, (raw[index] ?? 0) / total));
  const average = (of: (run: Run) => readonly number[], length: number) =>
    Array.from({ length }, (_, at) => runs.reduce((sum, run) => sum + run.weight * (of(run)[at] ?? 0), 0));
  const { form } = best;
  return {
    name: sarimaName(form, period),
    parameters: { weight: (raw[0] ?? 1) / total },
    aicc: best.aicc,
    degreesOfFreedom: Math.max(1, values.length - differencedAway(form, period) - (sarimaParameterCount(form) - 1)),
    standardisedErrors: average((run) => run.standardisedErrors, values.length),
    predict(horizon) {
      const steps = runs.map((run) => run.predict(horizon));
      const averaged = (of: (step: (typeof steps)[number]) => readonly number[]) =>
        Array.from({ length: horizon }, (_, at) => steps.reduce((sum, step, index) => sum + (runs[index]?.weight ?? 0) * (of(step)[at] ?? 0), 0));
      return { mean: averaged((step) => step.mean), standardDeviation: averaged((step) => step.standardDeviation) };
    },
    withValues: (other) => (other.length < differencedAway(best.form, period) + observationsMin ? undefined : fittedFrom(estimates, other, period)),
  };
}

interface Run {
  readonly weight: number;
  /** One for each observation; those that differencing uses up are 0. */
  readonly standardisedErrors: readonly number[];
  predict(horizon: number): { readonly mean: readonly number[]; readonly standardDeviation: readonly number[] };
}

function runOf({ form, coefficients }: SarimaEstimate, values: readonly number[], period: number, weight: number): Run {
  const differenced = difference(values, form, period);
  const errors: number[] = [];
  const pass = filterArma(coefficients, differenced, errors);
  const freedom = Math.max(1, differenced.length - (sarimaParameterCount(form) - 1));
  const deviation = Math.sqrt(pass.squaredErrors / freedom);
  const lead = Array.from({ length: values.length - differenced.length }, () => 0);
  return {
    weight,
    standardisedErrors: [...lead, ...errors.map((error) => (deviation === 0 ? 0 : error / deviation))],
    predict: (horizon) => ({
      mean: projectSarima(form, coefficients, pass, values, period, horizon),
      standardDeviation: varianceFactors(form, coefficients, period, horizon).map((factor) => deviation * Math.sqrt(factor)),
    }),
  };
}
