import type { EtsForm, EtsParameters } from "./form.ts";

/** Level, growth a step, and the season's effects for the next `period` steps (empty when the form has no season). */
export interface EtsState {
  readonly level: number;
  readonly growth: number;
  /** `season[k]` belongs to the step k + 1 after this state. */
  readonly season: readonly number[];
}

/** What a pass over the series leaves behind. */
export interface EtsPass {
  /** Sum of squared innovations, relative ones for multiplicative errors; `Infinity` when the form broke down. */
  readonly squaredErrors: number;
  /** Sum of log |one-step forecast|, 0 for additive errors: the second term of the likelihood. */
  readonly logScale: number;
  readonly state: EtsState;
}

const smallestForecast = 1e-10;
const foldAbove = 1e100;
const foldBelow = 1e-100;

/**
 * Runs the states of a form over a series (Hyndman et al. 2008, table 2.3). Values are expected scaled to about 1.
 * A multiplicative form whose one-step forecast reaches zero breaks down. With `errors`, writes each innovation into it.
 */
export function runStates(
  form: EtsForm,
  { alpha, beta, gamma, phi }: EtsParameters,
  initial: EtsState,
  values: readonly number[],
  errors?: number[],
): EtsPass {
  const relative = form.error === "M";
  const additiveSeason = form.season === "A";
  const multiplicativeSeason = form.season === "M";
  const season = Float64Array.from(initial.season);
  const period = season.length;
  let { level, growth } = initial;
  let phase = 0;
  let squaredErrors = 0;
  let logScale = 0;
  let product = 1;
  for (let index = 0; index < values.length; index += 1) {
    const carried = phi * growth;
    const base = level + carried;
    const effect = period === 0 ? 0 : (season[phase] ?? 0);
    const forecast = multiplicativeSeason ? base * effect : additiveSeason ? base + effect : base;
    if (relative && !(forecast > smallestForecast)) return { squaredErrors: Infinity, logScale: 0, state: initial };
    const miss = (values[index] ?? 0) - forecast;
    const error = relative ? miss / forecast : miss;
    if (errors !== undefined) errors[index] = error;
    squaredErrors += error * error;
    if (relative) {
      product *= forecast;
      if (product > foldAbove || product < foldBelow) {
        logScale += Math.log(product);
        product = 1;
      }
    }
    const levelMiss = multiplicativeSeason ? miss / effect : miss;
    level = base + alpha * levelMiss;
    growth = carried + beta * levelMiss;
    if (multiplicativeSeason) season[phase] = effect + (gamma * miss) / base;
    else if (additiveSeason) season[phase] = effect + gamma * miss;
    if (period > 0) phase = phase + 1 === period ? 0 : phase + 1;
  }
  const ahead = Array.from(season, (_, step) => season[(phase + step) % period] ?? 0);
  return { squaredErrors, logScale: logScale + Math.log(product), state: { level, growth, season: ahead } };
}

/** Point forecasts of the next steps from a state. */
export function projectState(form: EtsForm, phi: number, state: EtsState, horizon: number): number[] {
  const bases = projectBase(phi, state, horizon);
  return bases.map((base, step) => {
    const effect = state.season.length === 0 ? 0 : (state.season[step % state.season.length] ?? 0);
    return form.season === "M" ? base * effect : base + effect;
  });
}

/** Level and growth ahead, before the season is applied. */
export function projectBase(phi: number, state: EtsState, horizon: number): number[] {
  let reach = 0;
  let power = 1;
  return Array.from({ length: horizon }, () => {
    power *= phi;
    reach += power;
    return state.level + reach * state.growth;
  });
}
