import type { EtsForm } from "./ets-form.ts";
import type { EtsState } from "./ets-state.ts";

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

/** Effects by phase, summing to 0 (additive) or averaging 1 (multiplicative). */
function seasonEffects(values: readonly number[], period: number, kind: "A" | "M"): number[] {
  const sums = Array.from({ length: period }, () => 0);
  const counts = Array.from({ length: period }, () => 0);
  centredAverages(values, period).forEach((average, offset) => {
    const index = offset + Math.floor(period / 2);
    const value = values[index] ?? 0;
    if (kind === "M" && !(average > 0)) return;
    const phase = index % period;
    sums[phase] = (sums[phase] ?? 0) + (kind === "M" ? value / average : value - average);
    counts[phase] = (counts[phase] ?? 0) + 1;
  });
  const neutral = kind === "M" ? 1 : 0;
  const raw = sums.map((sum, phase) => ((counts[phase] ?? 0) === 0 ? neutral : sum / (counts[phase] ?? 1)));
  const centre = mean(raw);
  if (kind === "A") return raw.map((effect) => effect - centre);
  return centre > 0 ? raw.map((effect) => effect / centre) : raw;
}

/** Moving averages over one whole period around each inner observation (2×m for an even period). */
function centredAverages(values: readonly number[], period: number): number[] {
  const half = Math.floor(period / 2);
  const averages: number[] = [];
  for (let centre = half; centre + half < values.length; centre += 1) {
    let sum = 0;
    for (let offset = -half; offset <= half; offset += 1) {
      const outer = period % 2 === 0 && Math.abs(offset) === half;
      sum += (values[centre + offset] ?? 0) * (outer ? 0.5 : 1);
    }
    averages.push(sum / period);
  }
  return averages;
}

/** Least squares through (1, v₁), (2, v₂), …: the intercept is the level one step before the first value. */
function straightLine(values: readonly number[]): { intercept: number; slope: number } {
  const count = values.length;
  const centreX = (count + 1) / 2;
  const centreY = mean(values);
  let xy = 0;
  let xx = 0;
  values.forEach((value, index) => {
    const x = index + 1 - centreX;
    xy += x * (value - centreY);
    xx += x * x;
  });
  const slope = xx === 0 ? 0 : xy / xx;
  return { intercept: centreY - slope * centreX, slope };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
