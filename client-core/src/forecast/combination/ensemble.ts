import { driftingSeason, fadingSeason, noSeason, returningSeason } from "../arima/families.ts";
import { exponentialSmoothing } from "../ets/ets.ts";
import type { FittedModel, ForecastModel, PredictiveSteps } from "../forecast-model.ts";
import { theta } from "../theta.ts";
import { averageOf } from "./average.ts";
import { drawTowardsBlocks, fitBlocks, moveBlocks, type BlockModel } from "./blocks.ts";

/**
 * What Saldo forecasts with: the mean of exponential smoothing, three families of seasonal ARIMA and Theta, on logarithms where the
 * values allow it, drawn towards forecasts of two-month and half-year totals. A series that follows a pattern without error is continued by that pattern alone.
 */
export const ensemble: ForecastModel = {
  id: "ensemble",
  fit(values, period) {
    const exact = exponentialSmoothing.fit(values, period);
    if (exact !== undefined && exact.standardisedErrors.every((error) => error === 0)) return exact;
    const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const logarithmic = allowsLogs(values, scale);
    const working = toWorking(values, scale, logarithmic);
    const members = membersFor(values.length, period).flatMap((model) => model.fit(working, period) ?? []);
    if (members.length === 0) return undefined;
    const blocks = logarithmic ? blockLengths(period).flatMap((length) => fitBlocks(values.map((value) => value / scale), period, length) ?? []) : [];
    return ensembleOf({ average: averageOf(members), blocks, scale, logarithmic });
  },
};

/** Logarithms need values that are positive and no outlier downwards: a single near-zero month would rule the rest. */
const smallestShare = 0.02;

function allowsLogs(values: readonly number[], scale: number): boolean {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return scale > 0 && values.every((value) => value > smallestShare * middle);
}

function toWorking(values: readonly number[], scale: number, logarithmic: boolean): number[] {
  return values.map((value) => (logarithmic ? Math.log(value / scale) : value / scale));
}

/** Methods a history of this many values feeds. */
function membersFor(count: number, period: number): readonly ForecastModel[] {
  if (count >= seasonalPeriodsMin * period && period > 1) return [exponentialSmoothing, returningSeason, fadingSeason, driftingSeason, theta];
  return count >= shortMin ? [exponentialSmoothing, noSeason, theta] : [exponentialSmoothing];
}

const seasonalPeriodsMin = 2.5;
const shortMin = 12;

/** Two months and half a year, for a period of twelve. */
function blockLengths(period: number): readonly number[] {
  return period === 12 ? [2, 6] : [];
}

interface Parts {
  readonly average: FittedModel;
  readonly blocks: readonly BlockModel[];
  readonly scale: number;
  readonly logarithmic: boolean;
}

function ensembleOf({ average, blocks, scale, logarithmic }: Parts): FittedModel {
  return {
    name: average.name,
    parameters: average.parameters,
    aicc: average.aicc,
    degreesOfFreedom: average.degreesOfFreedom,
    standardisedErrors: average.standardisedErrors,
    shape: logarithmic ? "skewed" : "normal",
    predict(horizon) {
      const reach = blocks.reduce((steps, { length }) => Math.max(steps, Math.ceil(horizon / length) * length), horizon);
      const working = average.predict(reach);
      const steps = logarithmic ? fromLogs(working, blocks) : working;
      const shown = (row: readonly number[]) => row.slice(0, horizon).map((value) => value * scale);
      return { mean: shown(steps.mean), standardDeviation: shown(steps.standardDeviation) };
    },
    withValues(values) {
      if (logarithmic && values.some((value) => !(value > 0))) return undefined;
      const moved = average.withValues(toWorking(values, scale, logarithmic));
      if (moved === undefined) return undefined;
      const movedBlocks = blocks.flatMap((block) => moveBlocks(block, values.map((value) => value / scale)) ?? []);
      return ensembleOf({ average: moved, blocks: movedBlocks, scale, logarithmic });
    },
  };
}

/** Logarithms reach at most this far above the largest value of the history: a factor of e³. */
const logMax = 3;

/** Back from logarithms: medians, drawn towards the totals of blocks, and deviations relative to them. */
function fromLogs({ mean, standardDeviation }: PredictiveSteps, blocks: readonly BlockModel[]): PredictiveSteps {
  const medians = mean.map((value) => Math.exp(Math.min(logMax, value)));
  const drawn = blocks.reduce((means, block) => drawTowardsBlocks(block, means), medians);
  return { mean: drawn, standardDeviation: drawn.map((value, step) => value * (standardDeviation[step] ?? 0)) };
}
