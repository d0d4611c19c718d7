import { psiWeights } from "../arima/filter.ts";
import type { FittedModel, ForecastModel, PredictiveSteps } from "../forecast-model.ts";
import { courseColumns, coursePriors, covarianceOf, kernelsFor, trendAt, type Kernel } from "./kernels.ts";
import { regress, whiten, type Regression, type Whitened } from "./regression.ts";
import { extended, predicted, type LinearPredictor } from "./whitening.ts";

/** Seasons need at least this many full periods of history. */
const seasonalPeriodsMin = 2;
/** Kernels with less of the best one's weight are left out. */
const weightShareMin = 0.01;

/**
 * Gaussian processes with fixed kernels, averaged by how likely each makes the series: nothing is searched for, so a short or noisy history is not over-fitted
 * (after Corani, Benavoli & Zaffalon 2021, who let priors do that).
 */
export const gaussianProcess: ForecastModel = {
  id: "gaussian-process",
  fit(values, period) {
    const rated = rateKernels(values, period);
    const best = rated[0];
    if (best === undefined) return undefined;
    return fittedFrom(rated.filter(({ weight }) => weight >= weightShareMin * best.weight), values, period);
  },
};

interface RatedKernel {
  readonly kernel: Kernel;
  readonly weight: number;
  readonly fit: Regression;
}

/** Kernels by their probability given the values, all being equally likely beforehand; the most likely first. */
export function rateKernels(values: readonly number[], period: number): readonly RatedKernel[] {
  const seasonal = period > 1 && values.length >= seasonalPeriodsMin * period;
  const fits = fitKernels(kernelsFor(seasonal).map((kernel) => ({ kernel })), values, period);
  const best = Math.max(...fits.map(({ fit }) => fit.logLikelihood));
  return fits.map(({ kernel, fit }) => ({ kernel, fit, weight: Math.exp(fit.logLikelihood - best) })).toSorted((a, b) => b.weight - a.weight);
}

/** Kernels with what each makes of the values; those that leave no error are left out. */
function fitKernels<Each extends { readonly kernel: Kernel }>(kernels: readonly Each[], values: readonly number[], period: number): (Each & { readonly fit: Regression })[] {
  const target = Float64Array.from(values);
  const columns = courseColumns(values.length);
  // Kernels that differ in their trend alone whiten alike.
  const whitenedBy = new Map<string, Whitened>();
  return kernels.flatMap((each) => {
    const { walk, season } = each.kernel;
    const key = `${walk} ${season}`;
    const whitened = whitenedBy.get(key) ?? whiten(target, covarianceOf(each.kernel, period, values.length), columns);
    whitenedBy.set(key, whitened);
    const fit = regress(whitened, coursePriors(each.kernel));
    return fit === undefined ? [] : [{ ...each, fit }];
  });
}

function fittedFrom(runs: readonly RatedKernel[], values: readonly number[], period: number): FittedModel | undefined {
  const [best] = runs;
  if (best === undefined) return undefined;
  const total = runs.reduce((sum, { weight }) => sum + weight, 0);
  const count = values.length;
  return {
    name: best.kernel.season > 0 ? "Gaussian process, seasonal" : "Gaussian process",
    parameters: { weight: best.weight / total },
    aicc: Infinity,
    degreesOfFreedom: Math.max(1, count - courseCoefficients - 1),
    standardisedErrors: best.fit.standardisedErrors(),
    predict(horizon) {
      const steps = runs.map((run) => project(run, values, period, horizon));
      const averaged = (of: (step: PredictiveSteps, at: number) => number) =>
        Array.from({ length: horizon }, (_, at) => steps.reduce((sum, step, index) => sum + ((runs[index]?.weight ?? 0) / total) * of(step, at), 0));
      const mean = averaged((step, at) => step.mean[at] ?? 0);
      // Of the mixture: what each expects, and how far they are apart.
      const variance = averaged((step, at) => (step.standardDeviation[at] ?? 0) ** 2 + ((step.mean[at] ?? 0) - (mean[at] ?? 0)) ** 2);
      return { mean, standardDeviation: variance.map(Math.sqrt) };
    },
    withValues: (other) => fittedFrom(fitKernels(runs, other, period), other, period),
  };
}

const courseCoefficients = 2;

function project({ kernel, fit }: RatedKernel, values: readonly number[], period: number, horizon: number): PredictiveSteps {
  const count = values.length;
  const [level = 0, slope = 0] = fit.coefficients;
  const covariance = covarianceOf(kernel, period, count + horizon);
  const rest = Float64Array.from({ length: count + horizon }, (_, at) => (values[at] ?? 0) - level - slope * trendAt(at, count));
  const weights = new Float64Array(count + horizon);
  weights.set(fit.predictor.weights);
  let predictor: LinearPredictor = { ...fit.predictor, weights };
  let sum = 0;
  const psi = psiWeights(fit.predictor.weights, [], horizon);
  const mean: number[] = [];
  const standardDeviation: number[] = [];
  for (let step = 0; step < horizon; step += 1) {
    const next = predicted(predictor, rest);
    rest[count + step] = next;
    mean.push(next + level + slope * trendAt(count + step, count));
    sum += (psi[step] ?? 0) ** 2;
    standardDeviation.push(Math.sqrt(fit.noise * fit.predictor.variance * sum));
    predictor = extended(predictor, covariance);
  }
  return { mean, standardDeviation };
}
