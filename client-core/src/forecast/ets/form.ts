/**
 * The exponential smoothing family as innovations state space models, ETS(error, trend, season), of Hyndman, Koehler,
 * Ord & Snyder, "Forecasting with Exponential Smoothing" (2008), ch. 2. Holt-Winters is its seasonal half.
 */

/** A = additive, M = multiplicative, N = none, Ad = additive and damped. */
export interface EtsForm {
  readonly error: "A" | "M";
  readonly trend: "N" | "A" | "Ad";
  readonly season: "N" | "A" | "M";
}

/** Smoothing parameters; those a form lacks are 0, and phi is 1 unless the trend is damped. */
export interface EtsParameters {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/** Seasons need at least this many full periods of history. */
export const seasonalPeriodsMin = 2;

/** The field's notation, e.g. `ETS(A,Ad,M)`. */
export function etsName(form: EtsForm): string {
  return `ETS(${form.error},${form.trend},${form.season})`;
}

/** Estimated quantities of a form: smoothing parameters, free initial states and the error variance. */
export function etsParameterCount(form: EtsForm, period: number): number {
  const trend = form.trend === "N" ? 0 : form.trend === "A" ? 2 : 3;
  const season = form.season === "N" ? 0 : 1 + (period - 1);
  return 2 + trend + season + 1;
}

/**
 * The forms that are numerically stable on a series: additive errors only with additive parts, anything multiplicative
 * only on strictly positive values, seasons only with {@link seasonalPeriodsMin} periods.
 */
export function admissibleForms(values: readonly number[], period: number): EtsForm[] {
  const positive = values.every((value) => value > 0);
  const seasonal = period > 1 && values.length >= seasonalPeriodsMin * period;
  const forms: EtsForm[] = [];
  for (const error of positive ? (["A", "M"] as const) : (["A"] as const)) {
    for (const season of seasonal ? (["N", "A", "M"] as const) : (["N"] as const)) {
      if (season === "M" && error === "A") continue;
      for (const trend of ["N", "A", "Ad"] as const) forms.push({ error, trend, season });
    }
  }
  return forms;
}

const edge = 1e-4;
const phiMin = 0.8;
const phiMax = 0.98;

/**
 * The box in which a form is estimated: alpha, beta/alpha, gamma/(1−alpha), phi, those that it has. The ratios make the
 * usual region (0 < beta < alpha, 0 < gamma < 1 − alpha) a box; phi within 0.8–0.98 keeps damping visible and identifiable.
 */
export function parameterBox(form: EtsForm): { start: number[]; lower: number[]; upper: number[] } {
  const start = [0.3];
  const lower = [edge];
  const upper = [1 - edge];
  if (form.trend !== "N") {
    start.push(0.1);
    lower.push(edge);
    upper.push(1 - edge);
  }
  if (form.season !== "N") {
    start.push(0.1);
    lower.push(edge);
    upper.push(1 - edge);
  }
  if (form.trend === "Ad") {
    start.push(0.95);
    lower.push(phiMin);
    upper.push(phiMax);
  }
  return { start, lower, upper };
}

/** Parameters of a form from a point of its {@link parameterBox}. */
export function parametersAt(form: EtsForm, point: readonly number[]): EtsParameters {
  let axis = 0;
  const next = () => point[axis++] ?? 0;
  const alpha = next();
  const beta = form.trend === "N" ? 0 : alpha * next();
  const gamma = form.season === "N" ? 0 : (1 - alpha) * next();
  const phi = form.trend === "Ad" ? next() : 1;
  return { alpha, beta, gamma, phi };
}
