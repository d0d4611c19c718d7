import type { EtsForm } from "./form.ts";
import type { EtsState } from "./state.ts";
import { seasonEffects } from "../season.ts";
import { straightLine } from "../straight-line.ts";

const trendPointsMax = 10;

/**
 * Starting states from the first observations: a classical decomposition of the whole stretch (centred moving average,
 * effects averaged by phase and normalised), then a straight line through the first seasonally adjusted values
 * (Hyndman et al. 2008, §2.6.1). `undefined` when the values do not allow the form, such as a season with a non-positive effect.
 */
export function initialState(form: EtsForm, values: readonly number[], period: number): EtsState | undefined {
  const season = form.season === "N" ? [] : seasonEffects(values, period, form.season);
  if (form.season === "M" && season.some((effect) => !(effect > 0.01))) return undefined;
  const adjusted = values.slice(0, Math.max(trendPointsMax, season.length)).map((value, index) => {
    if (form.season === "N") return value;
    const effect = season[index % period] ?? 0;
    return form.season === "M" ? value / effect : value - effect;
  });
  if (form.trend === "N") {
    const level = mean(adjusted);
    return { level, growth: 0, season };
  }
  const line = straightLine(adjusted);
  return { level: line.intercept, growth: line.slope, season };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
