import type { EtsForm, EtsParameters } from "./form.ts";
import { projectBase, projectState, type EtsState } from "./state.ts";

/**
 * Variance of each step ahead, without simulation: exact for additive errors (class 1) and for multiplicative errors with
 * additive parts (class 2); with a multiplicative season (class 3) exact within one season and a close approximation beyond.
 * Source: Hyndman, Koehler, Ord & Snyder (2008), ch. 6, tables 6.2–6.4; beyond one season theirs takes level and season as
 * independent, while here an error that moved both counts once with their sum. `errorVariance` is that of the innovations.
 */
export function stepVariances(
  form: EtsForm,
  parameters: EtsParameters,
  state: EtsState,
  errorVariance: number,
  horizon: number,
): number[] {
  const carry = carryWeights(form, parameters, state.season.length, horizon);
  if (form.error === "A") {
    let sum = 0;
    return Array.from({ length: horizon }, (_, step) => {
      if (step > 0) sum += (carry[step - 1] ?? 0) ** 2;
      return errorVariance * (1 + sum);
    });
  }
  if (form.season === "M") return multiplicativeSeason(parameters, state, errorVariance, carry, horizon);
  const means = projectState(form, parameters.phi, state, horizon);
  const second = secondMoments(means, carry, errorVariance);
  return means.map((mean, step) => (1 + errorVariance) * (second[step] ?? 0) - mean * mean);
}

/** Share of today's error that is still in the forecast base j steps later, j = 1, 2, …. */
function carryWeights(form: EtsForm, { alpha, beta, gamma, phi }: EtsParameters, period: number, horizon: number): number[] {
  let reach = 0;
  let power = 1;
  return Array.from({ length: horizon }, (_, index) => {
    power *= phi;
    reach += power;
    const seasonal = form.season === "A" && (index + 1) % period === 0 ? gamma : 0;
    return alpha + beta * reach + seasonal;
  });
}

/** θ of the recursion for relative errors: the mean squared plus what earlier errors have added to it. */
function secondMoments(means: readonly number[], carry: readonly number[], errorVariance: number): number[] {
  const second: number[] = [];
  means.forEach((mean, step) => {
    let added = 0;
    for (let back = 1; back <= step; back += 1) added += (carry[back - 1] ?? 0) ** 2 * (second[step - back] ?? 0);
    second.push(mean * mean + errorVariance * added);
  });
  return second;
}

function multiplicativeSeason(
  { gamma, phi }: EtsParameters,
  state: EtsState,
  errorVariance: number,
  carry: readonly number[],
  horizon: number,
): number[] {
  const period = state.season.length;
  const bases = projectBase(phi, state, horizon);
  const second = secondMoments(bases, carry, errorVariance);
  return bases.map((base, step) => {
    const effect = state.season[step % period] ?? 1;
    let added = 0;
    for (let back = 1; back <= step; back += 1) {
      const moved = (carry[back - 1] ?? 0) * Math.sqrt(second[step - back] ?? 0);
      added += (moved + (back % period === 0 ? gamma * Math.abs(base) : 0)) ** 2;
    }
    return effect * effect * ((base * base + errorVariance * added) * (1 + errorVariance) - base * base);
  });
}
